using Varve.History;
using Varve.Model;
using Varve.Restore.Plan;
using Varve.Restore.Target;
using Varve.Restore.Write;
using Varve.Tree.Details;
using Varve.Vault;

namespace Varve.Restore;

/// <summary>
/// The whole flow of a restore: plan -> fetch -> open -> write -> metadata. Needs the repository and the full key, not the catalog.
/// <para>Invariants: nothing is written outside the target (<see cref="TargetDirectory"/>); damage fails the files that need what is
/// damaged and no others; memory is bounded by what may wait (<see cref="RestoreQueue"/>), not by the snapshot; a directory's metadata come
/// last, bottom-up.</para>
/// </summary>
internal static class RestoreRunner
{
    /// <summary>
    /// Does what can be done before it is known what to restore, and takes some 10 ms without using a processor: for a thread beside the
    /// one that opens the repository. A restore without it is a little slower and the same otherwise.
    /// </summary>
    public static void Prepare() => TargetDescriptors.Reserve();

    /// <summary>Restores. Paths that fail are data in the result.</summary>
    /// <exception cref="VarveException">Usage: the target is not empty. NotFound: no such path. Storage: the target is full or cannot be
    /// written.</exception>
    public static RestoreResult Run(Repository repository, RestoreOptions options, RestoreMonitor monitor,
        CancellationToken cancellationToken)
    {
        repository.RequireFull("restoring");
        long began = repository.Options.Time.GetTimestamp();
        EntryTable entry = SnapshotPaths.Find(repository.MetaChunks.Read, options.Snapshot, options.Path);
        var filter = new RestoreFilter(options.Includes, options.Excludes);
        if (options.Path is null && filter.TakesAll)
        {
            monitor.Expect(options.Snapshot.Snapshot.Counts.Files, options.Snapshot.Snapshot.Counts.Bytes);
        }

        var losses = new MetadataLosses();
        var metadata = new MetadataSetter(losses);
        var context = new RestoreContext { Chunks = repository.ChunkSource, Monitor = monitor, Files = new FileWriter(metadata) };
        var tools = new PlanTools
        {
            Trees = repository.MetaChunks, Filter = filter, Metadata = metadata, Specials = new SpecialFiles(metadata),
            Owners = new OwnerMap(options.NumericOwner ? OwnerMapping.Numeric : OwnerMapping.ByName),
        };
        TargetDirectory target = TargetDirectory.OpenRoot(options.Target, options.Overwrite,
            directory => Complete(metadata, monitor, directory));
        RequireEmpty(target, options);
        bool isDirectory = entry.Stat(0).Kind == EntryKind.Directory;
        EntryDetails details = DetailsCodec.Decode(entry.Details(0));
        if (isDirectory && filter.WantsRoot)
        {
            target.Stat = entry.Stat(0);
            target.Details = details;
        }

        monitor.Enter("writing");
        var root = new PlanDirectory
        {
            Parent = null, Name = [], Stat = entry.Stat(0), Details = details, IsWanted = filter.WantsRoot,
            Target = target
        };
        try
        {
            using var workers = new RestoreWorkers(context, repository.Options.Host.Threads(options.Workers));
            var planner = new RestorePlanner(context, tools, workers, cancellationToken);
            if (isDirectory) { planner.RunDirectory(root, details.ChildTree); }
            else { planner.RunEntry(root, entry, 0); }
        }
        catch
        {
            target.CloseAll();
            throw;
        }

        RestoreProgress done = monitor.Read();
        (IReadOnlyList<Failure> failures, long failureCount) = monitor.Failures();
        (IReadOnlyList<byte[]> torn, long tornCount) = monitor.Torn();
        return new RestoreResult(
            done.Files, monitor.Directories, monitor.Others, done.Bytes, failures, failureCount, losses.Lines(),
            repository.Options.Time.GetElapsedTime(began))
        { Torn = torn, TornCount = tornCount };
    }

    private static void RequireEmpty(TargetDirectory target, RestoreOptions options)
    {
        bool empty = options.Overwrite || target.IsEmpty();
        if (empty) { return; }
        target.CloseAll();
        throw new VarveException(
            ErrorKind.Usage, Subject.Target(options.Target), "is not empty", Advice.EmptyTarget);
    }

    /// <summary>The last thing done to a directory. The target itself keeps its own metadata when it only receives a part.</summary>
    private static void Complete(MetadataSetter metadata, RestoreMonitor monitor, TargetDirectory directory)
    {
        if (directory.Details is null) { return; }
        EntryStat stat = directory.Stat;
        RestoreOutcome outcome = metadata.FinishDirectory(directory, in stat, directory.Details);
        if (!outcome.Ok) { monitor.Fail(outcome.ToFailure(directory.RelativePath([]))); }
    }
}
