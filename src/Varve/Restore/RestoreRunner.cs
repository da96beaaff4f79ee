using Varve.History;
using Varve.History.Entries;
using Varve.Model;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Restore.Plan;
using Varve.Restore.Resume;
using Varve.Restore.Target;
using Varve.Restore.Write;
using Varve.Tree.Details;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Restore;

/// <summary>
/// The whole flow of a restore: plan -> fetch -> open -> write -> metadata. Needs the repository and the full key, not the catalog.
/// <para>Invariants: nothing is written outside the target (<see cref="TargetDirectory"/>); damage fails the files that need what is
/// damaged and no others; memory is bounded by what may wait (<see cref="RestoreQueue"/>), not by the snapshot; a directory's metadata come
/// last, bottom-up; until all is there, the target holds a mark (<see cref="RestoreMark"/>), with which the next run goes on.</para>
/// </summary>
internal static class RestoreRunner
{
    /// <summary>
    /// Does what can be done before it is known what to restore, and takes some 10 ms without using a processor: for a thread beside the
    /// one that opens the repository. A restore without it is a little slower and the same otherwise.
    /// </summary>
    public static void Prepare() => TargetDescriptors.Reserve();

    /// <summary>Restores. Paths that fail are data in the result.</summary>
    /// <exception cref="VarveException">Usage: the target is not empty. NotFound: no such path, or nothing that is included. Storage: the
    /// target is full or cannot be written.</exception>
    public static RestoreResult Run(Repository repository, RestoreOptions options, RestoreMonitor monitor,
        CancellationToken cancellationToken)
    {
        repository.RequireFull("restoring");
        long began = repository.Options.Time.GetTimestamp();
        FoundEntry found;
        try { found = SnapshotPaths.Find(repository.MetaChunks.Read, options.Snapshot, options.Path); }
        catch (VarveException e) when (IsDamage(e))
        {
            // Nothing of what was asked for can be restored, which is a failure like any other: the repository is there.
            monitor.Fail(new Failure(options.Path ?? [], FailedOperation.List, 0, $"it, and so all below it, cannot be read: {e.Message}"));
            return Result(monitor, new MetadataLosses(), repository.Options.Time.GetElapsedTime(began));
        }

        var owners = new OwnerMap(options.NumericOwner ? OwnerMapping.Numeric : OwnerMapping.ByName);
        found.Stat.Uid = owners.User(found.Stat.Uid, found.User);
        found.Stat.Gid = owners.Group(found.Stat.Gid, found.Group);
        EntryTable entry = found.Table;
        var filter = new RestoreFilter(options.Includes, options.Excludes, RootOf(options));
        var budget = new EntryBudget(options.Snapshot, options.NoLimits);
        if (options.Path is null && filter.TakesAll)
        {
            budget.RequireWithin();
            monitor.Expect(options.Snapshot.Snapshot.Counts.Files, options.Snapshot.Snapshot.Counts.Bytes);
        }

        var metadata = new MetadataSetter(new MetadataLosses());
        var tools = new PlanTools
        {
            Trees = repository.MetaChunks, Budget = budget, Filter = filter, Metadata = metadata, Specials = new SpecialFiles(metadata),
            Owners = owners,
        };
        bool isMade;
        TargetDirectory target = TargetRoot.Open(options.Target, options.Overwrite, directory => Complete(metadata, monitor, directory));
        try
        {
            using RestoreMark mark = RestoreMark.Begin(target,
                MarkText.Identity(options.Snapshot.Name, options.Path, options.Includes, options.Excludes, options.NumericOwner),
                options.Overwrite);
            isMade = mark.State == TargetState.Made;
            using CancellationTokenRegistration gate = Gate.PassWhenCancelled(cancellationToken);
            monitor.TargetIsIncomplete = true;
            try { Fill(repository, options, mark, target, entry, tools, monitor, cancellationToken); }
            catch
            {
                mark.Stop();
                throw;
            }

            Seal(mark, target, monitor);
        }
        catch
        {
            target.CloseAll();
            throw;
        }

        // Its last reference: only now it gets its own metadata, which may keep everybody from writing to it.
        target.Release();
        target.CloseAll();
        (IReadOnlyList<Failure> lacking, long lackingCount) = SnapshotLacks.Of(repository.MetaChunks.Read, options, filter);
        RestoreResult result = Result(monitor, metadata.Losses, repository.Options.Time.GetElapsedTime(began));
        bool isFiltered = entry.Stat(0).Kind == EntryKind.Directory;
        if (isFiltered && result.FailureCount == 0) { RequireMatch(options, filter, isMade); }
        return result with
        {
            UnmatchedIncludes = isFiltered ? filter.UnmatchedIncludes : [],
            UnmatchedExcludes = isFiltered ? filter.UnmatchedExcludes : [],
            Lacking = lacking,
            LackingCount = lackingCount,
            PendingFiles = SnapshotLacks.Pending(repository.MetaChunks.Read, options, filter),
        };
    }

    /// <summary>The absolute path of what is restored, as it is recorded.</summary>
    private static byte[] RootOf(RestoreOptions options) =>
        [.. options.Snapshot.Snapshot.Private?.CanonicalRoot ?? [], (byte)'/', .. options.Path.AsSpan().Trim((byte)'/')];

    /// <summary>Somebody who names what to restore and gets nothing has mistyped it: then it leaves no directory that it made.</summary>
    private static void RequireMatch(RestoreOptions options, RestoreFilter filter, bool isMade)
    {
        if (filter.WantsRoot || filter.UnmatchedIncludes.Count < options.Includes.Distinct().Count()) { return; }
        if (isMade) { _ = Posix.UnlinkAt(Posix.AT_FDCWD, options.Target, Posix.AT_REMOVEDIR); }
        string patterns = string.Join(", ", filter.UnmatchedIncludes.Select(static p => $"'{p}'"));
        bool isOne = filter.UnmatchedIncludes.Count == 1;
        throw new VarveException(ErrorKind.NotFound, Subject.Snapshot(options.Snapshot.Name),
            $"has nothing that matches the pattern{(isOne ? "" : "s")} {patterns}; nothing was restored", Advice.ListPaths);
    }

    // An object, as opposed to a path that the snapshot has not.
    private static bool IsDamage(VarveException e) =>
        e.Kind == ErrorKind.Damaged || e.Kind == ErrorKind.NotFound && e.Subject.Kind != SubjectKind.Snapshot;

    private static RestoreResult Result(RestoreMonitor monitor, MetadataLosses losses, TimeSpan elapsed)
    {
        RestoreProgress done = monitor.Read();
        (IReadOnlyList<Failure> failures, long failureCount) = monitor.Failures();
        (IReadOnlyList<byte[]> torn, long tornCount) = monitor.Torn();
        IReadOnlyList<string> notSet = losses.Lines();
        return new RestoreResult(
            done.Files, monitor.Directories, monitor.Others, done.Bytes, failures, failureCount, notSet, elapsed)
        { LacksMetadata = notSet.Count > 0 && Posix.EffectiveUser() == 0, Torn = torn, TornCount = tornCount, Kept = monitor.Kept };
    }

    private static void Fill(Repository repository, RestoreOptions options, RestoreMark mark, TargetDirectory target, EntryTable entry,
        PlanTools tools, RestoreMonitor monitor, CancellationToken cancellationToken)
    {
        var files = new FileWriter(tools.Metadata)
        {
            Number = mark.Number, NamesLast = !mark.HasBirths && mark.State == TargetState.Filled,
        };
        var context = new RestoreContext
        {
            Chunks = repository.ChunkSource, Monitor = monitor, Files = files, Earlier = mark.Earlier,
        };
        if (mark.State == TargetState.Filled) { target.MarkUnfinished(); }
        if (mark.Earlier is { } earlier) { target.Continue(mark.State == TargetState.Made, earlier.IsOurs); }
        bool isDirectory = entry.Stat(0).Kind == EntryKind.Directory;
        EntryDetails details = DetailsCodec.Decode(entry.Details(0));
        if (isDirectory && tools.Filter.WantsRoot)
        {
            target.Stat = entry.Stat(0);
            target.Details = details;
        }

        monitor.Enter("writing");
        target.AddReference();
        var root = new PlanDirectory
        {
            Parent = null, Name = [], Stat = entry.Stat(0), Details = details, IsWanted = tools.Filter.WantsRoot,
            Target = target
        };
        try
        {
            using var workers = new RestoreWorkers(context, repository.Options.Host.Threads(options.Workers), cancellationToken);
            var planner = new RestorePlanner(context, tools, workers, cancellationToken);
            if (isDirectory)
            {
                using RestoreCount? count = RestoreCount.Begin(repository.ChunkSource, tools.Filter,
                    new EntryBudget(options.Snapshot, options.NoLimits), monitor, details.ChildTree);
                planner.RunDirectory(root, details.ChildTree);
            }
            else { planner.RunEntry(root, entry, 0); }
        }
        catch
        {
            files.AbandonAll();
            throw;
        }
    }

    /// <summary>Everything is there, but perhaps not durable: that comes before the mark goes.</summary>
    private static void Seal(RestoreMark mark, TargetDirectory target, RestoreMonitor monitor)
    {
        int error = target.Sync();
        if (error != 0)
        {
            mark.Distrust();
            throw new VarveException(ErrorKind.Storage, Subject.Target(target.DisplayPath([])),
                $"cannot be made durable: {Errno.Message(error)}",
                error is Errno.ENOSPC or Errno.EDQUOT ? Advice.FreeTarget : Advice.SeeSystemLog);
        }

        mark.Remove();
        monitor.TargetIsIncomplete = false;
    }

    /// <summary>The last thing done to a directory. The target itself keeps its own metadata when it only receives a part.</summary>
    private static void Complete(MetadataSetter metadata, RestoreMonitor monitor, TargetDirectory directory)
    {
        EntryStat stat = directory.Stat;
        RestoreOutcome outcome = directory.Details is null ? directory.GiveBack(null)
            : metadata.FinishDirectory(directory, in stat, directory.Details);
        if (!outcome.Ok) { monitor.Fail(outcome.ToFailure(directory.RelativePath([]))); }
    }
}
