using Varve.Format;
using Varve.Maintain.Plan;
using Varve.Maintain.Repack;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Platform;
using Varve.Tree;

namespace Varve.Maintain.Prune;

/// <summary>Copies what a plan says, and puts runs that name the copies (<c>prune_repacks</c>). For one plan; not thread-safe.</summary>
/// <param name="tools">Of the prune.</param>
/// <param name="tally">Hears what was copied.</param>
/// <param name="places">Of each chunk, which copy is the one to take.</param>
/// <param name="session">The prune's.</param>
internal sealed class PackCopier(PruneTools tools, PruneTally tally, PlaceChooser places, SessionId session)
{
    private const int PacksInRun = 64;

    private readonly List<PackContents> _stored = []; // and in no run yet

    /// <summary>Whether there was no room for all copies.</summary>
    internal bool IsPartial { get; private set; }

    /// <summary>Copies what the plan says, and returns which packs can go: those of which all that is needed is elsewhere by now.</summary>
    internal IReadOnlyList<ObjectName> Run(PrunePlan plan)
    {
        List<ObjectName> gone = [.. plan.Unneeded.Select(static p => p.Name), .. plan.Unnamed.Keys];
        tools.Monitor.Enter("copying");
        tools.Monitor.ExpectPacks(plan.Repacked.Count);
        try
        {
            foreach (PackKind kind in (ReadOnlySpan<PackKind>)[PackKind.Data, PackKind.Meta])
            {
                gone.AddRange(Copy([.. plan.Repacked.Where(p => p.Kind == kind)], kind));
            }
        }
        finally { PutRun(); }
        return gone;
    }

    private IReadOnlyList<ObjectName> Copy(IReadOnlyList<PackEntry> sources, PackKind kind)
    {
        using PackWriter target = tools.NewTarget(kind);
        using Repacker repacker = tools.NewRepacker(kind, places, target, Stored);
        try
        {
            foreach (PackEntry source in sources)
            {
                repacker.Copy(source);
                tools.Monitor.AddPack();
            }

            repacker.Finish();
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Storage && e.Advice is Advice.FreeStore or Advice.RaiseQuota)
        {
            // What was copied so far makes room for the rest.
            repacker.Stop();
            target.Drop();
            tools.Warn(Notice.Of(e, "what was copied until then makes room for the rest"));
            IsPartial |= repacker.Copied.Count > 0;
            tally.Tell(r => r with { NeededBytes = sources.Except(repacker.Copied).Sum(static p => p.UsedBytes) });
        }

        foreach ((PackEntry pack, VarveException reason) in repacker.Unreadable)
        {
            if (tally.Unreadable.Add(pack.Name)) { tools.Warn(Notice.Of(reason, "the pack stays as it is")); }
        }

        tally.Tell(r => r with { UnreadablePacks = tally.Unreadable.Count });
        return [.. repacker.Copied.Select(static p => p.Name)];

        void Stored(PackContents pack)
        {
            Gate.Pass(Gate.PackStored);
            _stored.Add(pack);
            tools.Monitor.AddBytes(pack.Size);
            tally.Tell(r => r with { NewPacks = r.NewPacks + 1, NewBytes = r.NewBytes + pack.Size });
            if (_stored.Count >= PacksInRun) { PutRun(); }
        }
    }

    private void PutRun()
    {
        const long Largest = PackListing.MaxLength / 4;
        for (int start = 0, end; start < _stored.Count; start = end)
        {
            long length = PackListing.Bound(_stored[start]);
            for (end = start + 1; end < _stored.Count && (length += PackListing.Bound(_stored[end])) <= Largest; end++) { }
            var listing = new ByteWriter();
            PackListing.Encode(listing, _stored[start..end]);
            tools.Repository.RunStore.Put(listing, session, isSigned: true);
        }

        _stored.Clear();
    }
}
