using Varve.Catalog;
using Varve.History;
using Varve.History.Sources;
using Varve.Maintain.Retention;
using Varve.Model;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Forget;

/// <summary>
/// Forgets snapshots: decides, records, removes (docs/protocol.md, Forget). What only they had stays until a prune. The record comes first,
/// so that what is missing is known to be forgotten, and whoever comes next finishes what was begun.
/// </summary>
internal static class Forgetter
{
    /// <summary>Does it, or says what it would do. Snapshots that cannot be read go to <paramref name="damaged"/>, and stay.</summary>
    /// <exception cref="VarveException">Usage: one that is named is pinned; or a lineage would lose its last whole snapshot. WrongKey: one
    /// that is named is another's, and the key no full one. NotFound: no such source or host.</exception>
    internal static ForgetResult Run(
        Repository repository, ForgetRequest request, Action<VarveException> damaged, CancellationToken cancellationToken)
    {
        RequireSigner(repository);
        if (!request.IsDryRun) { repository.RequireWritable(); }
        IReadOnlyList<SnapshotInfo> all = repository.Snapshots(damaged);
        FileTime now = FileTime.From(repository.Options.Time.GetUtcNow());
        // What an earlier run recorded and did not come to remove has gone as far as policies see.
        List<SnapshotInfo> left = [.. all.Where(i => repository.SnapshotStore.IsToGo(i, now))];
        IReadOnlyList<SnapshotInfo> present = left.Count == 0 ? all : [.. all.Except(left)];
        IReadOnlyList<ForgetDecision> decisions = request.Named is { } named ? OfNamed(repository, named, now)
            : Decide(repository, request, present, now);
        HashSet<ObjectName> forgotten = [.. decisions.Where(static d => !d.IsKept).Select(static d => d.Snapshot.Name)];
        if (!request.AllowsEmpty) { LastWhole.Require(present, forgotten); }
        FreedSpace? freed = request.CountsFreed ? Count(repository, present, forgotten, cancellationToken) : null;
        var result = new ForgetResult(decisions) { IsDryRun = request.IsDryRun, Freed = freed };
        if (request.IsDryRun) { return result; }
        cancellationToken.ThrowIfCancellationRequested();
        if (forgotten.Count > 0) { result = result with { Decisions = Forget(repository, request, decisions, now) }; }
        return result with { Finished = left.Count(i => repository.SnapshotStore.Remove(i.Name)) };
    }

    /// <summary>
    /// Forgets a snapshot that cannot be read, whose name begins so: what nobody can read nobody needs, and a prune waits for it. Where a
    /// copy of it can be read, only the damaged ones are removed. Returns its name.
    /// </summary>
    /// <exception cref="VarveException">WrongKey without the full key. NotFound. Usage: several are meant, or it can be read.</exception>
    internal static ObjectName RunDamaged(Repository repository, string spec, string why, bool isDryRun)
    {
        repository.RequireFull("forgetting what nobody can read");
        if (!isDryRun) { repository.RequireWritable(); }
        ObjectName[] hits = [.. repository.SnapshotStore.Present()
            .Where(n => spec.Length > 0 && n.ToString().StartsWith(spec, StringComparison.OrdinalIgnoreCase))];
        if (hits.Length != 1)
        {
            throw new VarveException(hits.Length == 0 ? ErrorKind.NotFound : ErrorKind.Usage, Subject.Request($"'{spec}'"),
                hits.Length == 0 ? "names no snapshot" : $"fits {hits.Length} snapshots",
                hits.Length == 0 ? Advice.ListSnapshots : Advice.MoreDigits);
        }

        (IReadOnlyList<string> damaged, bool isReadable) = repository.SnapshotStore.Examine(hits[0]);
        if (damaged.Count == 0)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Snapshot(hits[0]), "can be read", Advice.ForgetByName);
        }

        if (isDryRun) { return hits[0]; }
        if (!isReadable) { Record(repository, [hits[0]], why); }
        foreach (string key in damaged) { repository.Store.Delete(key); }
        return hits[0];
    }

    private static void RequireSigner(Repository repository)
    {
        // Nobody would believe a record that nobody signed.
        if (repository.Writer is null) { repository.RequireFull("forgetting without an identity of one's own"); }
    }

    private static List<ForgetDecision> OfNamed(Repository repository, IReadOnlyList<SnapshotInfo> named, FileTime now)
    {
        foreach (SnapshotInfo info in named)
        {
            if (info.Snapshot.Pin is { } pin && pin.HoldsAt(now))
            {
                throw new VarveException(ErrorKind.Usage, Subject.Snapshot(info.Name), "is pinned", Advice.Unpin);
            }

            if (!MaySpeakOf(repository, info.Snapshot)) { repository.RequireFull("forgetting what another key recorded"); }
        }

        return [.. named.DistinctBy(static i => i.Name).Select(static i => new ForgetDecision(i, []))];
    }

    /// <summary>Whether what the key in use says of a snapshot counts.</summary>
    internal static bool MaySpeakOf(Repository repository, Snapshot snapshot) => repository.Level == KeyLevel.Full
        || (repository.Writer is { } own && snapshot.Writer == own);

    private static List<ForgetDecision> Decide(
        Repository repository, ForgetRequest request, IReadOnlyList<SnapshotInfo> present, FileTime now)
    {
        if (request.Grouping != Grouping.Lineage) { repository.RequireFull("grouping by names"); }
        Dictionary<Bytes32, SourceInfo>? sources = SourcesOf(repository, present);
        HashSet<Bytes32>? meant = null;
        if (!request.Filter.IsAll)
        {
            if (sources is null) { repository.RequireFull("choosing by source"); }
            meant = [.. SourceChoice.Select([.. sources!.Values], static i => i, request.Filter).Select(static i => i.Uid)];
        }

        var decisions = new List<ForgetDecision>();
        // Each policy has its own groups: what one source's policy decides is nothing to that of another.
        foreach (IGrouping<RetentionPolicy, SnapshotInfo> some in present
            .Where(i => meant?.Contains(i.Snapshot.HistoryId) != false && request.Which(i))
            .Select(i => (Info: i, Policy: request.PolicyOf(i.Snapshot.HistoryId)))
            .Where(static p => p.Policy is { IsEmpty: false }).GroupBy(static p => p.Policy!, static p => p.Info))
        {
            if (some.Key.Tags.Count > 0) { repository.RequireFull("keeping by tags"); }
            var decider = new RetentionDecider(some.Key, now, some.Key.Zone ?? request.Zone);
            foreach (IReadOnlyList<SnapshotInfo> group in RetentionGroups.Of([.. some], request.Grouping,
                h => sources?.GetValueOrDefault(h)?.Lineage.Writer ?? default))
            {
                Decide(repository, decider, group, now, decisions);
            }
        }

        return decisions;
    }

    private static void Decide(Repository repository, RetentionDecider decider, IReadOnlyList<SnapshotInfo> group, FileTime now,
        List<ForgetDecision> decisions)
    {
        IReadOnlyList<IReadOnlyList<KeepReason>> reasons = decider.Decide([.. group.Select(i => ItemOf(i.Snapshot, now))]);
        for (int i = 0; i < group.Count; i++)
        {
            bool isForeign = reasons[i].Count == 0 && !MaySpeakOf(repository, group[i].Snapshot);
            decisions.Add(new ForgetDecision(group[i], isForeign ? [new KeepReason(KeepRule.Foreign)] : reasons[i]));
        }
    }

    /// <summary>What a policy sees of a snapshot.</summary>
    private static RetentionItem ItemOf(Snapshot snapshot, FileTime now) => new(snapshot.Start, snapshot.Private?.Tags ?? [])
    {
        IsPartial = snapshot.IsPartial, IsUndecided = snapshot.IsUndecided, IsPinned = snapshot.Pin?.HoldsAt(now) == true,
    };

    private static Dictionary<Bytes32, SourceInfo>? SourcesOf(Repository repository, IReadOnlyList<SnapshotInfo> present) =>
        repository.Level != KeyLevel.Full ? null
        : SourceList.Of(present, repository.SnapshotStore.Sources).ToDictionary(static h => h.Info.Uid, static h => h.Info);

    private static List<ForgetDecision> Forget(
        Repository repository, ForgetRequest request, IReadOnlyList<ForgetDecision> decisions, FileTime now)
    {
        Record(repository, [.. decisions.Where(static d => !d.IsKept).Select(static d => d.Snapshot.Name)], request.Why);
        // Whoever pins puts his note and looks for records then; here it is the other way round, so one of the two sees the other.
        repository.SnapshotStore.Refresh();
        SnapshotNotes said = repository.SnapshotStore.Notes.OfSnapshots;
        var done = new List<ForgetDecision>();
        foreach (ForgetDecision decision in decisions)
        {
            (ObjectName name, Bytes32 writer) = (decision.Snapshot.Name, decision.Snapshot.Snapshot.Lineage.Writer);
            bool isPinned = !decision.IsKept && said.PinOf(name, writer)?.HoldsAt(now) == true;
            if (!decision.IsKept && !isPinned) { repository.SnapshotStore.Remove(name); }
            done.Add(isPinned ? decision with { Reasons = [new KeepReason(KeepRule.Pinned)] } : decision);
        }

        return done;
    }

    /// <summary>Puts the record: what, when, by whom (forget_records).</summary>
    private static void Record(Repository repository, IReadOnlyList<ObjectName> names, string why) => repository.Notes.PutSplit(new Note
    {
        Kind = NoteKind.Forgetting, At = SnapshotMarker.Now(repository, names), Snapshots = names,
        Private = new NotePrivate { Reason = why },
    });

    private static FreedSpace? Count(
        Repository repository, IReadOnlyList<SnapshotInfo> present, IReadOnlySet<ObjectName> forgotten, CancellationToken cancellationToken)
    {
        if (repository.Level != KeyLevel.Full) { repository.RequireFull("counting what is freed"); }
        try
        {
            using CatalogReader? catalog = CatalogMaintenance.TryOpen(repository, cancellationToken);
            try { return Counted(catalog); }
            catch (VarveException e) when (CatalogFile.IsDamage(e)) { return Counted(null); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            repository.Options.Warn?.Invoke(Notice.Of(e, "what is freed cannot be counted"));
            return null;
        }

        FreedSpace Counted(CatalogReader? from) =>
            new FreedCounter(from, repository.ChunkSource, repository.MetaChunks, cancellationToken).Run(present, forgotten);
    }
}
