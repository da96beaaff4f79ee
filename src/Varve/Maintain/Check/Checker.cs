using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Store;
using Varve.Vault;
using Varve.Vault.Chunks;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Check;

/// <summary>
/// Verifies a repository: every object is there and is what its name says, every snapshot's trees and extents lead to chunks that are
/// there, and with <see cref="CheckOptions.ReadData"/> every byte decodes to the chunk its id names. Changes nothing. Goes on after each
/// damage, names it and says which files it affects.
/// </summary>
internal static class Checker
{
    /// <summary>Checks. Damage is data in the result.</summary>
    /// <exception cref="VarveException">The store failed, or the key is a write-only one.</exception>
    public static CheckResult Run(Repository repository, CheckOptions options, CheckMonitor monitor, CancellationToken cancellationToken)
    {
        repository.RequireFull("checking");
        var report = new CheckReport();

        // In the reverse of the order of writing: what a snapshot relies on was there before it, so backups that complete meanwhile are no
        // damage.
        var damagedSnapshots = new List<VarveException>();
        IReadOnlyList<SnapshotInfo> snapshots = repository.Snapshots(damagedSnapshots.Add);
        foreach (VarveException e in damagedSnapshots) { report.Add(e); }
        IndexSet index = repository.Indexes;
        var objects = new Dictionary<string, long>();
        foreach (StoreObject item in repository.Store.List("")) { objects[item.Key] = item.Length; }
        CheckHeaderAndKeys(repository, report);
        index.Refresh();
        CheckRuns(repository.Store, index, objects, report, cancellationToken);

        monitor.Enter("packs");
        var indexed = new IndexedChunks(index, repository.Blocks, repository.Hasher, report);
        var inspector = new PackInspector(repository.Store, repository.Footers, repository.Blocks, repository.Hasher, indexed, monitor,
            report);
        var packs = new PackChecker(
            index, inspector, indexed, options with { Workers = repository.Options.Host.Threads(options.Workers) }, monitor, report);
        packs.Run(objects, cancellationToken);

        monitor.Enter("trees");
        foreach (ObjectName pack in packs.Missing.Concat(report.BadPacks())) { index.Avoid(pack); }
        var trees = new TreeChecker(index, repository.MetaChunks, packs.Missing, monitor, report);
        foreach (SnapshotInfo snapshot in snapshots) { trees.Run(snapshot, cancellationToken); }
        NameMissingRun(index, trees, report);

        // To look at each run by itself, merged ones were taken apart: it is not the next backup's to put them together again.
        index.MergeIfMany();

        (IReadOnlyList<Damage> first, long count, IReadOnlyList<string> notes) = report.Result();
        return new CheckResult(objects.Count, packs.Count, snapshots.Count, index.Chunks.Runs.Sum(static r => r.ChunkCount),
            monitor.BytesRead, first, count, notes);
    }

    private static void CheckHeaderAndKeys(Repository repository, CheckReport report)
    {
        if (!repository.HeaderIntact)
        {
            report.Add(Subject.Object(ObjectKeys.Header), "it is missing, or not what its copy in the key slot says", Advice.RestoreHeader);
        }
        var damaged = new List<VarveException>();
        RepositoryOpener.ReadSlots(repository.Store, damaged);
        foreach (VarveException e in damaged) { report.Add(e); }
    }

    /// <summary>
    /// Nobody knows the name of a run that is gone; but snapshots that need packs which no run lists tell that there was one.
    /// </summary>
    private static void NameMissingRun(IndexSet index, TreeChecker trees, CheckReport report)
    {
        if (trees.FromFooters.Count == 0 || index.Damaged.Count > 0) { return; }
        report.Add(Subject.Object(ObjectKeys.Index),
            $"an index run is missing: no run lists {trees.FromFooters.Count} packs that snapshots need, among them "
            + $"{ObjectKeys.Pack(trees.FromFooters.Min())}; their footers take its place");
    }

    /// <summary>
    /// The cached copies were decrypted at some time; what counts here is that the stored objects are still what their names say.
    /// </summary>
    private static void CheckRuns(IStore store, IndexSet index, Dictionary<string, long> objects, CheckReport report,
        CancellationToken cancellationToken)
    {
        foreach (VarveException e in index.Damaged.Concat(index.DamagedCondemned)) { report.Add(e); }
        foreach ((string key, long length) in objects)
        {
            if (!key.StartsWith(ObjectKeys.Index, StringComparison.Ordinal)) { continue; }
            cancellationToken.ThrowIfCancellationRequested();
            using var stream = new ObjectStream(store, key, length);
            if (!ObjectKeys.TryName(key, out ObjectName name) || new ObjectName(SHA256.HashData(stream)) != name)
            {
                report.Add(Subject.Object(key), "its bytes do not hash to its name");
            }
        }
    }
}
