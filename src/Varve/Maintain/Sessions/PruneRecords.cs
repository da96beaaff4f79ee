using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;
using Varve.Vault.Objects;

namespace Varve.Maintain.Sessions;

/// <summary>
/// What prunes leave for others (docs/format.md, 11): put, and listed anew each time. Only what a full key signed counts. What cannot be
/// read is an error here: it may be any. Stateless.
/// </summary>
internal sealed class PruneRecords(IStore store, RecordSealer records)
{
    /// <summary>The lists of condemned packs.</summary>
    /// <exception cref="VarveException">Damaged: one of them.</exception>
    internal IReadOnlyList<CondemnedList> Lists() =>
        [.. Read(ObjectKeys.Condemned, RecordKind.Condemned, CondemnedCodec.Decode, Advice.RemoveCondemned)
            .Select(static r => new CondemnedList(r.Name, r.Content))];

    /// <summary>The final marks, each with its own name.</summary>
    /// <exception cref="VarveException">Damaged: one of them.</exception>
    internal IReadOnlyList<(ObjectName Name, FinalMark Mark)> Finals() =>
        Read(ObjectKeys.Final, RecordKind.Final, FinalMarkCodec.Decode, Advice.RestoreObject);

    /// <summary>The objects of fences and decisions.</summary>
    /// <exception cref="VarveException">Damaged: one of them.</exception>
    internal IReadOnlyList<(ObjectName Name, FenceList Fences)> Fences() =>
        Read(ObjectKeys.Fences, RecordKind.Fence, FenceCodec.Decode, Advice.RestoreObject);

    /// <summary>Puts a list; it is durable when this returns.</summary>
    internal CondemnedList Put(CondemnedPacks packs) =>
        new(Put(ObjectKeys.Condemned, RecordKind.Condemned, CondemnedCodec.Encode(packs)), packs);

    /// <summary>Puts a final mark; it is durable when this returns.</summary>
    internal void Put(FinalMark mark) => Put(ObjectKeys.Final, RecordKind.Final, FinalMarkCodec.Encode(mark));

    /// <summary>Puts fences and decisions; they are durable when this returns.</summary>
    internal ObjectName Put(FenceList fences) => Put(ObjectKeys.Fences, RecordKind.Fence, FenceCodec.Encode(fences));

    /// <summary>Removes a list, durably, and then its final marks: in between it is one that nobody may undo.</summary>
    internal void Remove(CondemnedList list)
    {
        store.Delete([list.Key]);
        string[] marks = [.. Finals().Where(f => f.Mark.List == list.Name).Select(static f => ObjectKeys.Final + f.Name)];
        if (marks.Length > 0) { store.Delete(marks); }
    }

    private ObjectName Put(string folder, RecordKind kind, byte[] content)
    {
        (ObjectName name, byte[] bytes) = records.Seal(kind, content, []);
        if (bytes.Length > Limits.MaxListing)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Object(folder), "would be longer than readers take");
        }

        store.Put(folder + name, bytes);
        return name;
    }

    private List<(ObjectName Name, T Content)> Read<T>(string folder, RecordKind kind, Func<ReadOnlySpan<byte>, T> decode, Advice advice)
        where T : class
    {
        var found = new List<(ObjectName, T)>();
        foreach (StoreObject item in store.List(folder))
        {
            try
            {
                ObjectName name = ObjectKeys.Name(item.Key);
                (T? content, bool counts) = SignedRecord.Read(store, records, kind, item.Key, decode);
                if (counts) { found.Add((name, content!)); }
            }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { /* removed meanwhile */ }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
            {
                throw new VarveException(ErrorKind.Damaged, e.Subject, $"{e.What}; what it says of others' work is not known, so nothing is "
                    + "deleted", advice, e);
            }
        }

        return found;
    }
}
