using Varve.Format;
using Varve.Lookup;
using Varve.Maintain.Findings;
using Varve.Maintain.Ledger;
using Varve.Maintain.Sessions;
using Varve.Model;
using Varve.Store;
using Varve.Vault;
using Varve.Vault.Avoid;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Open;
using Varve.Vault.Runs;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Check;

/// <summary>
/// Verifies a repository: every object is there and is what its name says, every snapshot's trees and extents lead to chunks that are
/// there, and with <see cref="CheckOptions.ReadData"/> every byte decodes to the chunk its id names. Changes nothing. Goes on after each
/// damage, names it and says which files it affects.
/// </summary>
internal static class Checker
{
    // Snapshots were forgotten, and a prune deleted what they had, while trees were followed: so often a check begins anew.
    private const int MostTries = 3;

    /// <summary>Checks. Damage is data in the result.</summary>
    /// <exception cref="VarveException">The store failed, or the key is a write-only one.</exception>
    public static CheckResult Run(Repository repository, CheckOptions options, CheckMonitor monitor, CancellationToken cancellationToken)
    {
        repository.RequireFull("checking");
        for (int tries = 1; ; tries++)
        {
            CheckResult result = RunOnce(repository, options, monitor, out IReadOnlyList<SnapshotInfo> snapshots, cancellationToken);
            if (result.DamageCount == 0 || tries == MostTries || snapshots.All(s => IsThere(repository, s))) { return result; }
        }
    }

    private static bool IsThere(Repository repository, SnapshotInfo snapshot) =>
        repository.Store.TryGetLength(repository.SnapshotStore.KeyOf(snapshot.Name), out _);

    private static CheckResult RunOnce(Repository repository, CheckOptions options, CheckMonitor monitor,
        out IReadOnlyList<SnapshotInfo> snapshots, CancellationToken cancellationToken)
    {
        var report = new CheckFindings(monitor);

        // In the reverse of the order of writing: what a snapshot relies on was there before it, so backups that complete meanwhile are no
        // damage.
        var damagedSnapshots = new List<VarveException>();
        snapshots = repository.SnapshotStore.ListStored(damagedSnapshots.Add);
        foreach (VarveException e in damagedSnapshots) { AddSnapshot(e, report); }
        IndexSet index = repository.Indexes;
        index.Refresh(cancellationToken); // which may list it anew
        var objects = new Dictionary<string, long>();
        var unlisted = new List<VarveException>();
        foreach (StoreObject item in repository.Store.List("", unlisted.Add)) { objects[item.Key] = item.Length; }
        foreach (VarveException e in unlisted) { report.Add(e); }
        CheckHeaderAndKeys(repository, report);
        new SnapshotLedger(repository.SnapshotStore, repository.MissingNewest(), report.Add, report.Note)
            .Run(snapshots, options.Acknowledge ? repository.Acknowledge : null);
        SessionChecker.Run(repository.Store, objects.Keys, report);
        PruneRecordChecker.Run(repository.Store, repository.Records, objects.Keys, report);
        RunChecker.Run(repository.Store, index, objects, report, cancellationToken);
        if (unlisted.Count > 0) { FindUnlisted(repository.Store, index, unlisted, objects, report); }

        monitor.Enter("packs");
        var indexed = new IndexedChunks(index, repository.Blocks, repository.Hasher, report);
        var pruned = new PrunedPacks(new PruneRecords(repository.Store, repository.Records), index);
        var inspector = new PackInspector(repository.Store, repository.Footers, repository.Blocks, repository.Hasher, indexed,
            repository.Packs, pruned, monitor, report);
        var packs = new PackChecker(
            index, inspector, indexed, pruned, options with { Workers = repository.Options.Host.Threads(options.Workers) }, monitor, report);
        packs.Run(objects, cancellationToken);

        monitor.Enter("trees");
        monitor.ExpectTrees(snapshots.GroupBy(static s => s.Snapshot.HistoryId)
            .Sum(static s => s.Max(static i => Math.Clamp(i.Snapshot.Counts.Directories, 0, EntryBudget.MostEntries))));
        HashSet<ObjectName> damagedPacks = report.DamagedPacks();
        index.Avoid(packs.Missing.Concat(report.BadPacks()).Concat(damagedPacks));
        LeaveOutFalse(index, report);
        var places = new ReadablePlaces(index, packs.Missing, report);
        var trees = new TreeChecker(index, repository.MetaChunks, places, monitor, report, repository.SnapshotStore.KeyOf);
        for (int i = 0; i < snapshots.Count; i++)
        {
            monitor.BeginSnapshot(snapshots[i].Name.ToString()[..8], i + 1, snapshots.Count);
            trees.Run(snapshots[i], cancellationToken);
        }

        NameMissingRun(index, trees, report);
        new HealedPacks(index, packs.Missing, places, report).Run(damagedPacks);
        Remember(repository, packs, damagedPacks, objects);

        // To look at each run by itself, merged ones were taken apart: it is not the next backup's to put them together again.
        index.MergeIfMany();

        (IReadOnlyList<Damage> first, long count, IReadOnlyList<string> notes) = report.Result();
        return new CheckResult(objects.Count, packs.Count, snapshots.Count, index.Chunks.Runs.Sum(static r => r.ChunkCount),
            monitor.BytesRead, first, count, notes)
        { Healed = report.Healed(), Lacking = Lacking(first, snapshots) };
    }

    /// <summary>
    /// Of each source of whose latest snapshot content is lost, that snapshot; of all sources, if nobody knows whose it was. What only
    /// earlier ones had the source has no longer.
    /// </summary>
    private static IReadOnlyList<SnapshotInfo> Lacking(IReadOnlyList<Damage> damages, IReadOnlyList<SnapshotInfo> snapshots)
    {
        bool isAnybodys = damages.Any(static d => d.IsContent && d.Snapshots.Count == 0);
        HashSet<ObjectName> affected = [.. damages.Where(static d => d.IsContent).SelectMany(static d => d.Snapshots)];
        return [.. snapshots.GroupBy(static s => s.Snapshot.HistoryId).Select(static s => s.Last())
            .Where(s => isAnybodys || affected.Contains(s.Name))];
    }

    /// <summary>
    /// Keeps for backups on this machine which packs are damaged. What an earlier check found and this one has not read whole stands, as
    /// long as the pack is there.
    /// </summary>
    private static void Remember(Repository repository, PackChecker packs, HashSet<ObjectName> damaged, Dictionary<string, long> objects)
    {
        HashSet<ObjectName> known = DamagedPacks.Read(repository.Cache);
        if (known.Count + damaged.Count == 0) { return; }
        known.RemoveWhere(p => (packs.HasRead(p) && !damaged.Contains(p)) || !objects.ContainsKey(ObjectKeys.Pack(p)));
        known.UnionWith(damaged);
        DamagedPacks.Write(repository.Cache, known);
    }

    /// <summary>
    /// What was found to be false is so for good: readers on this machine go by it from now on. Runs that are left out are no damage: what
    /// they hide or make up is found where snapshots need it.
    /// </summary>
    private static void LeaveOutFalse(IndexSet index, CheckFindings report)
    {
        foreach (ObjectName pack in report.FalsePacks()) { index.Settle(new RunPack(pack, 0, default), PackVerdict.FalsePack); }
        foreach (RunPack pack in report.FalseRuns().SelectMany(r => index.Listings().Where(l => l.Origin == r.Key && l.Pack.Name == r.Value)
            .Select(static l => l.Pack)))
        {
            index.Settle(in pack, PackVerdict.FalseListing);
        }

        HashSet<ObjectName> forged = [.. index.FalseRuns];
        foreach (RunOrigin run in index.Origins.Where(o => forged.Contains(o.Run)))
        {
            string signer = run.Signature == SignatureState.Valid ? $"the key of level {run.Level} with the identity {run.Signer} signed it"
                : "no key signed it";
            report.Note($"{ObjectKeys.Run(run.Run)} says of packs what they do not hold, so it does not count; {signer}");
        }

        foreach (string note in index.Notes) { report.Note(note); }
    }

    private static void AddSnapshot(VarveException damage, CheckFindings report)
    {
        if (!ObjectKeys.TryName(damage.Subject.Name, out ObjectName name)) { report.Add(damage); }
        else { report.AddAffected(damage.Subject.Whole, damage, name, $"snapshot {name.ToString().AsSpan(0, 8)}:/ and all below it"); }
    }

    /// <summary>
    /// Packs in directories that cannot be listed are looked for by name: what keeps a directory from being listed need not keep what is in
    /// it from being read.
    /// </summary>
    private static void FindUnlisted(
        IStore store, IndexSet index, List<VarveException> unlisted, Dictionary<string, long> objects, CheckFindings report)
    {
        foreach (RunPack pack in index.Packs())
        {
            string key = ObjectKeys.Pack(pack.Name);
            if (!unlisted.Exists(e => key.StartsWith(e.Subject.Name, StringComparison.Ordinal))) { continue; }
            try
            {
                if (store.TryGetLength(key, out long length)) { objects[key] = length; }
            }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { report.Add(e); }
        }
    }

    private static void CheckHeaderAndKeys(Repository repository, CheckFindings report)
    {
        if (!repository.HeaderIntact)
        {
            report.Add(Subject.Object(ObjectKeys.Header), "it is missing, or not what its copy in the key slot says", Advice.RestoreHeader);
        }
        var damaged = new List<VarveException>();
        SlotSearch.ReadAll(repository.Store, damaged);
        repository.Notes.LoadStored(damaged.Add);
        foreach (VarveException e in damaged)
        {
            // A slot of a later program is none of this one's: the repository may be open to others by it.
            if (e.Kind == ErrorKind.Unsupported) { report.Note(Notice.Of(e).ToString()); }
            else { report.Add(e); }
        }
    }

    /// <summary>
    /// Nobody knows the name of a run that is gone; but snapshots that need packs which no run lists tell that there was one.
    /// </summary>
    private static void NameMissingRun(IndexSet index, TreeChecker trees, CheckFindings report)
    {
        if (trees.FromFooters.Count == 0 || index.Damaged.Count > 0) { return; }
        report.Add(Subject.Object(ObjectKeys.Index),
            $"an index run is missing: no run lists {trees.FromFooters.Count} packs that snapshots need, among them "
            + $"{ObjectKeys.Pack(trees.FromFooters.Min())}; their footers take its place");
    }
}
