using System.Globalization;
using Varve.Format;
using Varve.Lookup;
using Varve.Maintain.Sessions;
using Varve.Maintain.Mark;
using Varve.Maintain.Plan;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Vault.Objects;

namespace Varve.Maintain.Prune;

/// <summary>
/// What snapshots need, and where it lies: read for the plan, and again before anything is deleted. What was marked is kept from the one to
/// the other. Not thread-safe.
/// </summary>
internal sealed class Survey(PruneTools tools)
{
    private readonly HashSet<ObjectName> _marked = [];
    private LiveChunks _live = new();

    /// <summary>What the store held when this was read last.</summary>
    internal StoreListing Listing { get; private set; } = null!;

    /// <summary>The packs as they were read last.</summary>
    internal PackBook Book { get; private set; } = null!;

    /// <summary>How many snapshots there are that are not void.</summary>
    internal int Snapshots { get; private set; }

    /// <summary>Of each chunk, which copy stays; for a plan.</summary>
    internal PlaceChooser Places { get; private set; } = null!;

    /// <summary>Plans (<c>prune_plans</c>).</summary>
    /// <param name="others">Lists of other prunes.</param>
    /// <param name="own">The session of this one; none if it has none.</param>
    /// <param name="unreadable">Packs that could not be copied from.</param>
    /// <exception cref="VarveException">Damaged: something that a snapshot needs is missing, or what it needs is not known.</exception>
    internal PrunePlan Plan(IReadOnlyList<CondemnedList> others, SessionId own, IReadOnlySet<ObjectName> unreadable)
    {
        HashSet<ObjectName> condemned = [.. others.SelectMany(static l => l.Content.Packs)];
        while (true)
        {
            (IReadOnlyList<SnapshotInfo> snapshots, IReadOnlyList<WatchedSession> sessions) = Read();
            Spare(snapshots, sessions, own, out bool isSpared);
            foreach (PackEntry pack in Book.Packs)
            {
                pack.IsCondemned = condemned.Contains(pack.Name);
                pack.IsBad |= unreadable.Contains(pack.Name);
            }

            Places = new PlaceChooser(Book, _live);
            Places.Run(static p => p.IsThere);
            if (Places.Missing > 0) { throw Lost(); }
            if (Prove()) { continue; }
            var unnamed = Listing.Packs.Where(p => !Book.TryGet(p.Key, out _) && (!isSpared || condemned.Contains(p.Key)))
                .ToDictionary(static p => p.Key, static p => p.Value);
            return PrunePlan.Make(Book.Packs, unnamed, new PlanLimits(tools.Options.MaxUnusedPercent, tools.Options.MaxUnusedBytes,
                tools.Options.MaxRepackBytes, Room()));
        }
    }

    /// <summary>
    /// Whether each chunk that a snapshot needs has a copy in a pack that is there, that a run names, and that none of these lists condemns
    /// (<c>prune_checks</c>).
    /// </summary>
    internal bool Check(IReadOnlySet<ObjectName> condemned)
    {
        Read();
        return new PlaceChooser(Book, _live).AllAreKept(p => p.IsThere && !condemned.Contains(p.Name));
    }

    private (IReadOnlyList<SnapshotInfo> Snapshots, IReadOnlyList<WatchedSession> Sessions) Read()
    {
        // Packs before sessions, and those before runs: a pack that no run names and whose writer is over has been left behind.
        tools.Monitor.Enter("listing");
        Listing = new StoreListing(tools.Store);
        IReadOnlyList<SnapshotInfo> snapshots = tools.Repository.SnapshotStore.List(Unread);
        IReadOnlyList<WatchedSession> sessions = tools.Watch.Look();
        tools.Index.ListAnew();
        if (tools.Repository.Fences.Last.Damaged is [{ } fence, ..])
        {
            throw new VarveException(ErrorKind.Damaged, fence.Subject,
                $"{fence.What}; which snapshots count is not known, so nothing is deleted", Advice.RestoreObject, fence);
        }

        if (tools.Index.Damaged is [{ } damaged, ..])
        {
            throw new VarveException(ErrorKind.Damaged, damaged.Subject,
                $"{damaged.What}; nothing is deleted while it is not known which packs there are", Advice.CheckRepository, damaged);
        }

        tools.Monitor.Enter("trees");
        if (!_live.TryExtend(tools.Index.Chunks.Runs))
        {
            (_live, Snapshots) = (new LiveChunks(), 0);
            _marked.Clear();
            _live.TryExtend(tools.Index.Chunks.Runs);
        }

        var marker = new TreeMarker(_live, tools.Meta, tools.Monitor.AddTree, tools.Cancelled);
        foreach (SnapshotInfo snapshot in snapshots)
        {
            if (_marked.Contains(snapshot.Name)) { continue; }
            marker.Mark(snapshot);
            _marked.Add(snapshot.Name);
        }

        Snapshots = snapshots.Count;
        tools.Monitor.Enter("packs");
        FillIn();
        Book = new PackBook(_live.Tables, tools.Index.CurrentRules, Listing.Packs, tools.Repository.Footers,
            p => !tools.Index.Doubts.IsOpen(in p));
        return (snapshots, sessions);
    }

    private static void Unread(VarveException e) => throw new VarveException(ErrorKind.Damaged, e.Subject,
        $"{e.What}; what it needs is not known, so nothing is deleted", Advice.ForgetDamaged, e);

    // What was stored since packs were listed.
    private void FillIn()
    {
        foreach (RunPack pack in _live.Tables.SelectMany(static t => t.Packs()))
        {
            if (!Listing.Packs.ContainsKey(pack.Name) && tools.Store.TryGetLength(ObjectKeys.Pack(pack.Name), out long length))
            {
                Listing.Packs[pack.Name] = length;
            }
        }
    }

    /// <summary>
    /// Packs of writers that may carry on stay: those of runs whose session is there, or was fenced and first seen less than a week ago,
    /// and has no snapshot yet. What no run names may be of any such.
    /// </summary>
    private void Spare(IReadOnlyList<SnapshotInfo> snapshots, IReadOnlyList<WatchedSession> sessions, SessionId own, out bool sparesUnnamed)
    {
        FenceBook fences = tools.Repository.Fences.Last;
        HashSet<SessionId> there = [.. sessions.Select(static s => s.Facts.Id)];
        HashSet<SessionId> writers = [.. tools.Watch.RecentWriters.Where(s => s != own && (there.Contains(s) || fences.IsFenced(s)))];
        sparesUnnamed = writers.Count > 0;
        if (writers.Count == 0) { return; }
        writers.ExceptWith(snapshots.Select(static s => s.Snapshot.Session));
        foreach (PackEntry pack in Book.Packs) { pack.IsSpared = pack.Runs.Exists(r => writers.Contains(r.Session)); }
    }

    /// <summary>
    /// Reads packs that nobody with a full key signed for, and in whose favour other copies would go. Whether anything turned out to be
    /// other than the index says, so that the plan is to be made anew.
    /// </summary>
    private bool Prove()
    {
        bool isOther = false;
        foreach (PackEntry pack in Places.Unproved)
        {
            RunPack listed = pack.Listed;
            tools.Cancelled.ThrowIfCancellationRequested();
            Vault.Runs.PackVerdict verdict = tools.Repository.Packs.Verify(in listed, tools.Cancelled);
            tools.Index.Settle(in listed, verdict);
            isOther |= verdict != Vault.Runs.PackVerdict.True;
        }

        return isOther;
    }

    /// <summary>Some of what is free is left to others.</summary>
    private long? Room() => tools.Store.FreeBytes() is { } free ? free - (free / 10) : null;

    private VarveException Lost() => new(ErrorKind.Damaged, Subject.Chunk(Places.FirstMissing),
        string.Create(CultureInfo.InvariantCulture, $"is needed, and no pack that is there and whole has it (one of {Places.Missing}); nothing is deleted"),
        Advice.CheckRepository);
}
