using Varve.Format;
using Varve.Maintain.Sessions;
using Varve.Maintain.Plan;
using Varve.Maintain.Repack;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Platform;
using Varve.Tree;
using Varve.Vault.Objects;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Prune;

/// <summary>
/// One prune in the sense of docs/protocol.md, from its session to the end of that, be it begun here or carried on from what was begun on
/// this machine before. Not thread-safe.
/// </summary>
internal sealed class PruneCycle(PruneTools tools, PruneTally tally)
{
    private readonly Survey _survey = new(tools);
    private CondemnedList? _list; // its own
    private bool _isFinal, _mayOutlive;
    private IReadOnlyList<SessionId>? _waits;
    private IReadOnlyList<string> _mergedFences = [];
    private bool _mayMoreGo; // without a change to the store, once a pin ends

    /// <summary>Whether there may be more to do, for which there was no room.</summary>
    internal bool IsPartial { get; private set; }

    /// <summary>Whether nothing was left to be done by its plan, now or later.</summary>
    internal bool IsClean { get; private set; }

    /// <summary>The steps of the protocol, in their order.</summary>
    internal CycleEnd Run()
    {
        using Session session = Begin(); // prune_session_durable
        try
        {
            if (_list is null)
            {
                _mergedFences = tools.Fencer.Merge(); // prune_merges
                RemoveForgotten();
                RemoveStrayMarks();
                IReadOnlyList<CondemnedList> others = OtherLists(session); // prune_lists_condemned
                if (Living(others, session) is { } living) { return MakeWay(living); } // before anything is copied
                PrunePlan plan = _survey.Plan(others, session.Id, tally.Unreadable); // prune_plans
                tally.Planned(plan, _survey);
                IsPartial = plan.WaitingForRoom > 0;
                if (plan.IsEmpty && others.Count == 0)
                {
                    bool areLeft = Sweep(session);
                    IsClean = plan.Spared.Count == 0 && !IsPartial && !areLeft && !_mayMoreGo && tally.Unreadable.Count == 0;
                    return CycleEnd.NothingToDo;
                }

                IReadOnlyList<ObjectName> packs = Copy(plan, session); // prune_repacks
                if (packs.Count == 0 && others.Count == 0) { return CycleEnd.NothingToDo; }

                Condemn(packs, session); // prune_condemns
                tools.Settling.Wait(2);
            }
            else if (!_isFinal && _waits is null) { tools.Settling.Wait(2); }

            if (!_isFinal)
            {
                ListSessions(session); // prune_lists_sessions
                if (Wait(session) is { } end) { return end; } // prune_waits, prune_yields
                if (IsKept()) { return Park(session); }
                Fence(session); // prune_fences, prune_lists_fenced, prune_decides, prune_ends_fenced
                Gate.Pass(PruneGates.Decided);
                tools.Records.Put(new FinalMark(_list!.Name, session.Id)); // prune_final
                _isFinal = true;
                Gate.Pass(PruneGates.Final);
                tools.Settling.Wait(1);
            }

            if (!Check(session, out OtherPrunes found)) // prune_checks
            {
                Undo(); // prune_undoes
                return CycleEnd.Again;
            }

            Gate.Pass(PruneGates.Checked);
            if (tools.Repository.Fences.List().IsFenced(session.Id)) // prune_looks
            {
                session.Leave();
                return CycleEnd.Fenced;
            }

            Gate.Pass(PruneGates.Looked);
            Delete(found, session);
            Complete(found, session); // prune_completes
            tools.Records.Remove(_list!); // prune_uncondemns
            return CycleEnd.Deleted;
        } // prune_session_removed
        catch
        {
            // What is condemned stays so, and is carried on; without a list there is nothing that others would wait for.
            if (_list is not null) { session.Leave(); }
            throw;
        }
    }

    /// <summary>Says what would be done; changes nothing.</summary>
    internal void DryRun()
    {
        PrunePlan plan = _survey.Plan(tools.Records.Lists(), default, tally.Unreadable);
        tally.Planned(plan, _survey);
        tally.Tell(r => r with { Outcome = PruneOutcome.DryRun });
    }

    /// <summary>
    /// Takes a session; that of a prune which was begun here and whose process is gone, if it is there and nobody fenced it.
    /// </summary>
    private Session Begin()
    {
        string host = tools.Repository.Options.Host.Name;
        SessionFacts facts = new(SessionId.Create(), Session.PruneKind, tools.Repository.Options.SessionLife, -1, host, 0, "");
        _mayOutlive = !tools.Store.EndsWithCaller;
        if (Resumption.Of(tools) is { } begun) { (facts, _list, _isFinal, _waits, _mayOutlive) = begun; }

        // Before the session: so there is none that this machine does not know. And before any request that may outlive this process.
        if (_list is null || _mayOutlive) { new PruneState(facts.Id, _waits, _mayOutlive).Save(tools.Repository.Cache); }
        var session = new Session(tools.Store, tools.Time, host, Session.PruneKind, facts, facts.Life);
        Gate.Pass(PruneGates.Begun);
        return session;
    }

    /// <summary>What was forgotten and is still there counts until it is gone; so it goes first.</summary>
    private void RemoveForgotten()
    {
        FileTime now = FileTime.From(tools.Time.GetUtcNow());
        SnapshotStore snapshots = tools.Repository.SnapshotStore;
        long removed = 0;
        foreach (SnapshotInfo info in snapshots.List(static _ => { }))
        {
            if (snapshots.IsToGo(info, now) && snapshots.Remove(info.Name)) { removed++; }
            _mayMoreGo |= snapshots.Notes.OfSnapshots.MayGoLater(info.Name, info.Snapshot.Lineage.Writer, now);
        }

        tally.Tell(r => r with { RemovedSnapshots = r.RemovedSnapshots + removed });
    }

    /// <summary>Final marks that prunes put which woke when others had undone their lists: such a prune stops at its last look.</summary>
    private void RemoveStrayMarks()
    {
        IReadOnlyList<(ObjectName Name, FinalMark Mark)> finals = tools.Records.Finals();
        if (finals.Count == 0) { return; }
        HashSet<ObjectName> lists = [.. tools.Records.Lists().Select(static l => l.Name)];
        FenceBook fences = tools.Repository.Fences.List();
        tools.Store.Delete([.. finals.Where(f => !lists.Contains(f.Mark.List) && fences.IsDecided(f.Mark.Session))
            .Select(static f => ObjectKeys.Final + f.Name)]);
    }

    private IReadOnlyList<CondemnedList> OtherLists(Session session) =>
        [.. tools.Records.Lists().Where(l => l.Content.Session != session.Id)];

    /// <summary>Another is at work, and may wait for this one's session: so that ends, also where the other is to be waited for.</summary>
    private CycleEnd MakeWay(WatchedSession other) => tools.Options.Wait ? CycleEnd.Yields : throw OtherPrunes.Busy(other.Facts);

    /// <summary>The session of another list's prune that lives, as far as this machine can tell.</summary>
    private WatchedSession? Living(IReadOnlyList<CondemnedList> others, Session session)
    {
        FenceBook fences = tools.Repository.Fences.List();
        IReadOnlyList<WatchedSession> sessions = others.Count == 0 ? [] : tools.Watch.Look();
        return sessions.FirstOrDefault(s => s.Facts.Id != session.Id && !s.IsExpired && !fences.IsFenced(s.Facts.Id)
            && others.Any(l => l.Content.Session == s.Facts.Id));
    }

    private IReadOnlyList<ObjectName> Copy(PrunePlan plan, Session session)
    {
        var copier = new PackCopier(tools, tally, _survey.Places, session.Id);
        IReadOnlyList<ObjectName> gone = copier.Run(plan);
        IsPartial |= copier.IsPartial;
        return gone;
    }

    private void Condemn(IReadOnlyList<ObjectName> packs, Session session)
    {
        Gate.Pass(PruneGates.Copied);
        _list = tools.Records.Put(new CondemnedPacks(FileTime.From(tools.Time.GetUtcNow()), session.Id, [.. packs.Take(CondemnedMost)]));
        Gate.Pass(PruneGates.Condemned);
    }

    // As many as a list may have, with room to spare: the next prune takes the rest.
    private const int CondemnedMost = 1_500_000;

    private void ListSessions(Session session)
    {
        FenceBook fences = tools.Repository.Fences.List();
        _waits ??= [.. tools.Watch.Look().Select(static s => s.Facts.Id).Where(s => s != session.Id && !fences.IsDecided(s))];
        new PruneState(session.Id, _waits, _mayOutlive).Save(tools.Repository.Cache);
        Gate.Pass(PruneGates.Listed);
    }

    /// <summary>Whether all that were listed are over, or may be called expired.</summary>
    private CycleEnd? Wait(Session session)
    {
        tools.Monitor.Enter("waiting");
        var waiter = new PruneWaiter(tools, _waits!);
        while (waiter.Look() is { Count: > 0 } living)
        {
            if (Greater(living, session) is { } other)
            {
                Undo(); // prune_yields
                _list = null;
                return MakeWay(other);
            }

            if (!tools.Options.Wait)
            {
                tally.Tell(r => r with { WaitingFor = [.. living.Select(PruneWaiter.Tell)] });
                return Park(session);
            }

            session.ThrowIfLost();
            tools.Settling.Pause(PruneWaiter.Step);
        }

        return null;
    }

    /// <summary>Of two prunes that live, the one with the lesser list makes way: the other, if it is this one that does.</summary>
    private WatchedSession? Greater(IReadOnlyList<WatchedSession> living, Session session)
    {
        HashSet<ObjectName> final = [.. tools.Records.Finals().Select(static f => f.Mark.List)];
        foreach (CondemnedList other in OtherLists(session))
        {
            if (living.FirstOrDefault(s => s.Facts.Id == other.Content.Session) is not { } prune) { continue; }
            if (!final.Contains(other.Name) && other.Name.CompareTo(_list!.Name) > 0) { return prune; }
        }

        return null;
    }

    private bool IsKept()
    {
        DateTimeOffset until = _list!.Content.At.ToDateTimeOffset() + tools.Options.KeepFor;
        if (tools.Options.KeepFor <= TimeSpan.Zero || tools.Time.GetUtcNow() >= until) { return false; }
        tally.Tell(r => r with { KeptUntil = until });
        return true;
    }

    private CycleEnd Park(Session session)
    {
        session.Leave();
        long bytes = 0;
        foreach (ObjectName pack in _list!.Content.Packs)
        {
            if (tools.Store.TryGetLength(ObjectKeys.Pack(pack), out long length)) { bytes += length; }
        }

        tally.Tell(r => r with
        {
            Outcome = PruneOutcome.Waiting,
            CondemnedPacks = _list.Content.Packs.Count,
            CondemnedBytes = bytes,
        });
        return CycleEnd.Waiting;
    }

    /// <summary>Sessions that did not end, and those of lists whose session somebody removed.</summary>
    private void Fence(Session session)
    {
        IReadOnlyList<WatchedSession> there = tools.Watch.Look();
        FenceBook fences = tools.Repository.Fences.List();
        HashSet<SessionId> expired = [.. there.Select(static s => s.Facts.Id).Intersect(_waits!)];
        expired.UnionWith(OtherLists(session).Select(static l => l.Content.Session).Where(s => !there.Any(t => t.Facts.Id == s)));
        expired.RemoveWhere(s => s == session.Id || fences.IsDecided(s));
        tools.Fencer.Fence([.. expired]);
        tally.Tell(r => r with { FencedSessions = r.FencedSessions + expired.Count });
    }

    /// <summary>Ends dead sessions, so that the next prune has not to wait for them; whether others are left.</summary>
    private bool Sweep(Session session)
    {
        (int fenced, bool areLeft) = tools.Fencer.Sweep(tools.Watch, tools.Repository.Fences.List(), session.Id);
        tally.Tell(r => r with { FencedSessions = r.FencedSessions + fenced });
        return areLeft;
    }

    private bool Check(Session session, out OtherPrunes found)
    {
        FenceBook fences = tools.Repository.Fences.List();
        found = OtherPrunes.Of(OtherLists(session), tools.Records.Finals(), fences);
        HashSet<ObjectName> condemned = [.. _list!.Content.Packs, .. found.Condemned];
        return _survey.Check(condemned);
    }

    /// <summary>Removes the own list, and then its mark.</summary>
    private void Undo() => tools.Records.Remove(_list!);

    private void Delete(OtherPrunes found, Session session)
    {
        tools.Monitor.Enter("deleting");
        HashSet<ObjectName> own = [.. _list!.Content.Packs];
        var listing = new StoreListing(tools.Store); // prune_reads_runs
        tools.Index.ListAnew();
        var superseder = new Superseder(tools.Index, tools.Repository.RunStore, tools.Repository.Footers);
        IReadOnlyList<ObjectName> runs = superseder.Choose(listing.Runs, own.Union(found.Dead).ToHashSet());
        bool IsNamed(ObjectName pack) => listing.Packs.ContainsKey(pack) && !own.Contains(pack) && !found.Dead.Contains(pack);
        if (runs.Count > 0) { superseder.Put(runs, listing.Runs, IsNamed, session.Id); } // prune_supersedes
        Gate.Pass(PruneGates.Superseded);
        tools.Settling.Wait(1);
        ObjectName[] there = [.. own.Where(listing.Packs.ContainsKey)];
        foreach (ObjectName[] some in there.Chunk(4096)) { tools.Store.Delete([.. some.Select(ObjectKeys.Pack)]); } // prune_deletes_packs
        Gate.Pass(PruneGates.DeletedPacks);
        tally.Tell(r => r with
        {
            DeletedPacks = r.DeletedPacks + there.Length,
            DeletedBytes = r.DeletedBytes + there.Sum(p => listing.Packs[p]),
            SupersededRuns = r.SupersededRuns + runs.Count,
        });
        tools.Index.ListAnew();
        HashSet<ObjectName> over = [.. runs, .. tools.Index.FindSuperseded()];
        tools.Store.Delete([.. over.Select(ObjectKeys.Run)]); // prune_deletes_runs
        Gate.Pass(PruneGates.DeletedRuns);
        tools.Settling.Wait(1);
        tools.Store.Delete([.. _mergedFences]); // prune_removes_merged
    }

    /// <summary>Removes lists of others that nobody carries out any more.</summary>
    private void Complete(OtherPrunes found, Session session)
    {
        FenceBook fences = tools.Repository.Fences.List();
        foreach (CondemnedList list in OtherLists(session))
        {
            if (!fences.IsDecided(list.Content.Session)) { continue; }
            bool isUndone = found.Undone.Contains(list.Name);
            if (isUndone || !list.Content.Packs.Any(p => tools.Store.TryGetLength(ObjectKeys.Pack(p), out _))) { tools.Records.Remove(list); }
        }
    }
}
