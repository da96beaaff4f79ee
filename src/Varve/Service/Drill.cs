using System.Diagnostics;
using Varve.Freeze;
using Varve.History;
using Varve.History.Differences;
using Varve.History.Revisions;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Restore;

namespace Varve.Service;

/// <summary>
/// Restores files of snapshots by chance into a directory that goes again, reads them back, and compares them with the snapshot, with the
/// catalog, and with the tree as it is now.
/// </summary>
internal static class Drill
{
    /// <summary>Does it.</summary>
    /// <exception cref="VarveException">WrongKey without the full key. Storage: there is no place for what is restored.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static DrillResult Run(Repository repository, IReadOnlyList<SnapshotInfo> snapshots, DrillOptions options,
        RestoreMonitor monitor, CancellationToken cancellationToken)
    {
        repository.RequireFull("a drill");
        long began = Stopwatch.GetTimestamp();
        var result = new DrillResult { Snapshots = snapshots, Seed = options.Seed };
        var sample = new DrillSample(new Random(options.Seed), options.Files, options.Bytes);
        foreach (SnapshotInfo snapshot in snapshots)
        {
            Try(result, snapshot, () => Lister.Run(repository, snapshot, path: null, recursive: true, e => sample.Offer(snapshot, e),
                failure => result.Add(new DrillFault(snapshot, failure.Path, failure.Message)), cancellationToken: cancellationToken));
        }

        result.FilesInAll = sample.Seen;
        foreach (IGrouping<ObjectName, DrillFile> part in sample.Take().GroupBy(static f => f.Snapshot.Name))
        {
            DrillFile[] files = [.. part];
            Try(result, files[0].Snapshot, () => Restore(repository, files, options, result, monitor, cancellationToken));
        }

        result.Elapsed = Stopwatch.GetElapsedTime(began);
        return result;
    }

    /// <summary>Damage is what is looked for; what else is wrong ends the drill.</summary>
    private static void Try(DrillResult result, SnapshotInfo snapshot, Action part)
    {
        try { part(); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            result.Add(new DrillFault(snapshot, null, e.Message));
        }
    }

    private static void Restore(Repository repository, DrillFile[] files, DrillOptions options, DrillResult result, RestoreMonitor monitor,
        CancellationToken cancellationToken)
    {
        SnapshotInfo snapshot = files[0].Snapshot;
        CompareCatalog(repository, files, result, cancellationToken);
        using var scratch = DrillScratch.Create(options.Scratch);
        RestoreResult restored = RestoreRunner.Run(repository, new RestoreOptions
        {
            Snapshot = snapshot, Paths = [.. files.Select(static f => f.Entry.Path)], Target = scratch.Path, Verify = true, NoOwner = true,
            NoXattrs = true, Workers = options.Workers,
        }, monitor, cancellationToken);
        Gate.Pass(Gate.DrillRestored);
        var failed = new HashSet<string>();
        foreach (Failure failure in restored.Failures)
        {
            if (failed.Add(Key(failure.Path))) { result.Add(new DrillFault(snapshot, failure.Path, failure.Message)); }
        }

        LivePlace? live = LiveOf(repository, snapshot);
        var judge = new DrillJudge(result);
        foreach (DrillFile file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!failed.Contains(Key(file.Entry.Path))) { judge.Judge(file, Paths.Join(scratch.Path, file.Entry.Path), live); }
        }
    }

    private static void CompareCatalog(Repository repository, DrillFile[] files, DrillResult result, CancellationToken cancellationToken)
    {
        SnapshotInfo snapshot = files[0].Snapshot;
        SnapshotPrivate names = snapshot.Snapshot.Private!;
        var missing = files.ToDictionary(static f => Key(f.Entry.Path));
        Finder.Run(repository, "*", ignoreCase: false, new SourceFilter { Source = names.Source, Host = names.Host },
            new RevisionConditions { Kinds = [EntryKind.File], Since = snapshot.Snapshot.Start, Until = snapshot.Snapshot.Start },
            found =>
            {
                string key = Key(found.Path);
                if (missing.TryGetValue(key, out DrillFile? file) && IsSame(file.Entry, found)) { missing.Remove(key); }
            }, cancellationToken);
        foreach (DrillFile file in missing.Values)
        {
            result.Add(new DrillFault(snapshot, file.Entry.Path, "stands otherwise in the catalog, or not at all"));
        }
    }

    private static bool IsSame(ListedEntry entry, FoundRevision found) => entry.Size == found.Size && entry.Modified == found.Modified
        && entry.Mode == found.Mode && entry.UserId == found.UserId && entry.GroupId == found.GroupId;

    private static LivePlace? LiveOf(Repository repository, SnapshotInfo snapshot)
    {
        SnapshotPrivate names = snapshot.Snapshot.Private!;
        if (names.Host != repository.Options.Host.Name) { return null; }
        try { return LivePlace.Of(names); }
        catch (VarveException e) when (e.Kind == ErrorKind.Usage) { return null; } // roots that were put together
    }

    private static string Key(byte[] path) => Convert.ToHexString(path);
}
