using System.Collections.Concurrent;
using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;

namespace Varve.Vault.Objects;

/// <summary>
/// Fences and decisions in the repository: listed anew each time, each read once. Only what a full key signed counts: a thief with a write
/// key could make others' snapshots void. A key slot that is older than identities cannot tell and takes all. Thread-safe.
/// </summary>
/// <param name="store">Where they lie.</param>
/// <param name="records">Opens them.</param>
/// <param name="warn">Hears once of each that is damaged or does not count.</param>
internal sealed class FenceStore(IStore store, RecordSealer records, Action<Notice>? warn)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<Fence>> _read = new(StringComparer.Ordinal);
    private readonly OneTimeNotices _notices = new(warn);
    private volatile FenceBook? _last;

    /// <summary>As they were listed last; listed now if they never were.</summary>
    internal FenceBook Last => _last ?? List();

    /// <summary>Lists them anew (<c>writer_lists_fences</c>, <c>writer_confirms</c>, <c>reader_lists</c>).</summary>
    internal FenceBook List()
    {
        List<Fence> fences = [];
        List<VarveException> damaged = [];
        HashSet<string> gone = [];
        foreach (StoreObject item in store.List(ObjectKeys.Fences, damaged.Add))
        {
            try { fences.AddRange(_read.TryGetValue(item.Key, out IReadOnlyList<Fence>? known) ? known : Read(item.Key)); }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { gone.Add(item.Key); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { damaged.Add(e); }
        }

        if (gone.Count > 0)
        {
            // Merged into another, which was put before; or put lately, and not found yet.
            foreach (StoreObject item in store.List(ObjectKeys.Fences, damaged.Add).Where(o => gone.Contains(o.Key)))
            {
                damaged.Add(VarveException.Damaged(Subject.Object(item.Key), "it is listed, and not found"));
            }
        }

        foreach (VarveException e in damaged) { _notices.Tell(e.Subject.Name, Notice.Of(e)); }
        return _last = fences.Count == 0 && damaged.Count == 0 ? FenceBook.Empty : new FenceBook(fences, damaged);
    }

    /// <summary>The same for a writer, whose own session may be fenced.</summary>
    /// <exception cref="VarveException">Damaged: it is not known which are.</exception>
    internal FenceBook ListForWriter()
    {
        FenceBook fences = List();
        fences.RequireKnown();
        return fences;
    }

    private IReadOnlyList<Fence> Read(string key)
    {
        (FenceList? fences, bool counts) = SignedRecord.Read(store, records, RecordKind.Fence, key, FenceCodec.Decode);
        if (!counts) { _notices.Tell(key, SignedRecord.Disregarded(key)); }
        return _read[key] = counts ? fences!.Entries : [];
    }
}
