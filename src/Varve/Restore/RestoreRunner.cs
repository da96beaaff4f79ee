using Varve.History;
using Varve.History.Entries;
using Varve.Model;
using Varve.Platform;
using Varve.Restore.Plan;
using Varve.Restore.Target;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Restore;

/// <summary>
/// The whole flow of a restore: plan -> fetch -> open -> write -> metadata. Needs the repository and the full key, not the catalog.
/// <para>Invariants: nothing is written outside the target (<see cref="TargetDirectory"/>); damage fails the files that need what is
/// damaged and no others; memory is bounded by what may wait (<see cref="Write.RestoreQueue"/>), not by the snapshot; a directory's
/// metadata come last, bottom-up; until all is there, the target holds a mark (<see cref="Resume.RestoreMark"/>), with which the next run
/// goes on.</para>
/// </summary>
internal static class RestoreRunner
{
    /// <summary>
    /// Does what can be done before it is known what to restore, and takes some 10 ms without using a processor: for a thread beside the
    /// one that opens the repository. A restore without it is a little slower and the same otherwise.
    /// </summary>
    public static void Prepare() => TargetDescriptors.Reserve();

    /// <summary>Restores. Paths that fail are data in the result.</summary>
    /// <exception cref="VarveException">Usage: the target is not empty, or nothing may be deleted by the snapshot. NotFound: no such path,
    /// or nothing that is included. Storage: the target is full or cannot be written.</exception>
    public static RestoreResult Run(Repository repository, RestoreOptions options, RestoreMonitor monitor,
        CancellationToken cancellationToken)
    {
        repository.RequireFull("restoring");
        long began = repository.Options.Time.GetTimestamp();
        RestoreScope scope;
        try { scope = RestoreScope.Of(repository.MetaChunks.Read, options); }
        catch (VarveException e) when (IsDamage(e))
        {
            // Nothing of what was asked for can be restored, which is a failure like any other: the repository is there.
            monitor.Fail(new Failure(options.Path ?? [], FailedOperation.List, 0, $"it, and so all below it, cannot be read: {e.Message}"));
            return Result(monitor, new MetadataLosses(), options, options.Target, repository.Options.Time.GetElapsedTime(began));
        }

        var owners = new OwnerMap(options.NumericOwner ? OwnerMapping.Numeric : OwnerMapping.ByName);
        scope.Found.Stat.Uid = owners.User(scope.Found.Stat.Uid, scope.Found.User);
        scope.Found.Stat.Gid = owners.Group(scope.Found.Stat.Gid, scope.Found.Group);
        var filter = new RestoreFilter(options.Includes, options.Excludes, RootOf(options, scope.Path)) { Selection = scope.Selection };
        var budget = new EntryBudget(options.Snapshot, options.NoLimits);
        if (options.IsOfAll && filter.TakesAll)
        {
            budget.RequireWithin();
            // Of what need not be written nobody knows before how much that is.
            if (options.Rules is null) { monitor.Expect(options.Snapshot.Snapshot.Counts.Files, options.Snapshot.Snapshot.Counts.Bytes); }
        }

        var run = new RestoreRun(repository, options, scope, filter, owners, monitor, cancellationToken)
        {
            Keep = DeletionRules.Of(repository.MetaChunks.Read, options, filter, scope.Path),
        };
        if (options.DryRun) { run.Survey(isVerification: false); }
        else
        {
            run.Write();
            if (options.Verify) { run.Survey(isVerification: true); }
        }

        RestoreOptions whole = options with { Path = scope.Path.Length == 0 ? options.Path : scope.Path };
        (IReadOnlyList<Failure> lacking, long lackingCount) = SnapshotLacks.Of(repository.MetaChunks.Read, whole, filter);
        RestoreResult result = Result(monitor, run.Losses, options, scope.Target, repository.Options.Time.GetElapsedTime(began));
        bool isFiltered = scope.Found.Stat.Kind == EntryKind.Directory;
        if (isFiltered && result.FailureCount == 0) { RequireMatch(options, filter, run.IsMade); }
        return result with
        {
            UnmatchedIncludes = isFiltered ? filter.UnmatchedIncludes : [],
            UnmatchedExcludes = isFiltered ? filter.UnmatchedExcludes : [],
            Lacking = lacking,
            LackingCount = lackingCount,
            PendingFiles = SnapshotLacks.Pending(repository.MetaChunks.Read, whole, filter),
        };
    }

    /// <summary>The absolute path of what is restored, as it is recorded.</summary>
    private static byte[] RootOf(RestoreOptions options, byte[] path) =>
        [.. options.Snapshot.Snapshot.Private?.CanonicalRoot ?? [], (byte)'/', .. path];

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

    private static RestoreResult Result(RestoreMonitor monitor, MetadataLosses losses, RestoreOptions options, byte[] target,
        TimeSpan elapsed)
    {
        RestoreProgress done = monitor.Read();
        (IReadOnlyList<Failure> failures, long failureCount) = monitor.Failures();
        (IReadOnlyList<byte[]> torn, long tornCount) = monitor.Torn();
        (IReadOnlyList<Failure> kept, long keptCount) = monitor.Protected();
        IReadOnlyList<string> notSet = losses.Lines();
        return new RestoreResult(
            done.Files, monitor.Directories, monitor.Others, done.Bytes, failures, failureCount, notSet, elapsed)
        {
            LacksMetadata = notSet.Count > 0 && Posix.EffectiveUser() == 0, Torn = torn, TornCount = tornCount, Kept = monitor.Kept,
            Target = target, Replaced = monitor.Replaced, MetadataOnly = monitor.MetadataOnly, Unchanged = monitor.Unchanged,
            LeftAlone = monitor.LeftAlone, Deleted = monitor.Deleted, DeletedBytes = monitor.DeletedBytes, Protected = kept,
            ProtectedCount = keptCount, Verified = monitor.Verified, IsDryRun = options.DryRun,
        };
    }
}
