using Varve.Format;
using Varve.Maintain.Sessions;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Vault.Objects;
using Varve.Vault.Runs;

namespace Varve.Maintain.Prune;

/// <summary>
/// Takes back what prunes condemned (<c>prune_undoes</c>): the own list, whose prune has stopped, also in the middle of its deletions where
/// no request outlives its caller; and lists without a final mark of prunes that are over. Nobody else's: their prune may be past its last
/// look. Not thread-safe.
/// </summary>
internal sealed class PruneUndoer(PruneTools tools)
{
    internal PruneUndone Run()
    {
        FenceBook fences = tools.Repository.Fences.List();
        Resumption? own = Resumption.Of(tools);
        if (own is { IsFinal: true, MayOutlive: true })
        {
            throw new VarveException(ErrorKind.Busy, Subject.Repository(tools.Store.Description),
                "has a prune whose deletions have begun, and one of them may still be under way there", Advice.EndPrune)
            { IsRetryable = false };
        }

        // Where a request of this one may be carried out after it, too, nobody carries that prune on: it would rely on a list that goes.
        if (!tools.Store.EndsWithCaller) { PruneState.Forget(tools.Repository.Cache); }
        HashSet<ObjectName> final = [.. tools.Records.Finals().Select(static f => f.Mark.List)];
        var undone = new PruneUndone(0, 0, 0, 0, 0);
        foreach (CondemnedList list in tools.Records.Lists())
        {
            bool isOwn = list.Name == own?.List?.Name;
            if (!isOwn && (final.Contains(list.Name) || !fences.IsDecided(list.Content.Session)))
            {
                undone = undone with { Others = undone.Others + 1 };
                continue;
            }

            undone = Revive(list, isOwn ? list.Content.Session : default, undone);
        }

        if (own is not null) { tools.Store.Delete([ObjectKeys.Sessions + own.Session.Id]); }
        PruneState.Forget(tools.Repository.Cache);
        return undone;
    }

    /// <summary>What is there is named by a run before the list goes: the runs that named it may be gone.</summary>
    private PruneUndone Revive(CondemnedList list, SessionId session, PruneUndone undone)
    {
        HashSet<ObjectName> named = [.. tools.Index.Packs().Select(static p => p.Name)];
        var unnamed = new List<PackContents>();
        long there = 0, bytes = 0;
        foreach (ObjectName pack in list.Content.Packs)
        {
            if (!tools.Store.TryGetLength(ObjectKeys.Pack(pack), out long length)) { continue; }
            there++;
            bytes += length;
            if (session == default || named.Contains(pack)) { continue; }
            try { unnamed.Add(tools.Repository.Footers.Read(pack, length)); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                tools.Repository.Options.Warn?.Invoke(Notice.Of(e, "it is there, and named by no index run"));
            }
        }

        foreach (PackContents[] some in unnamed.Chunk(64))
        {
            var listing = new ByteWriter();
            PackListing.Encode(listing, some);
            tools.Repository.RunStore.Put(listing, session, isSigned: false);
        }

        tools.Records.Remove(list);
        return undone with
        {
            Lists = undone.Lists + 1,
            Packs = undone.Packs + there,
            Bytes = undone.Bytes + bytes,
            Gone = undone.Gone + list.Content.Packs.Count - there,
        };
    }
}
