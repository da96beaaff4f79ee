using Varve.Backup;
using Varve.Backup.Results;
using Varve.Backup.Sources;
using Varve.History;
using Varve.History.Content;
using Varve.History.Differences;
using Varve.History.Entries;
using Varve.History.Revisions;
using Varve.History.Sources;
using Varve.Maintain.Check;
using Varve.Maintain.Findings;
using Varve.Maintain.Forget;
using Varve.Maintain.Prune;
using Varve.Maintain.Stats;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Restore;
using Varve.Service;
using Varve.Vault.Snapshots;

namespace Varve;

/// <summary>
/// What can be done with an open <see cref="Repository"/>. All but <see cref="Backup"/> and <see cref="Statistics"/> need the full key.
/// Calls are synchronous and bring threads of their own; several may run at once on one repository, where a backup waits for another.
/// What happens to single paths is data in the results; what ends an operation is a <see cref="VarveException"/>.
/// </summary>
public static class RepositoryOperations
{
    /// <summary>
    /// Backs a source up and makes a snapshot. Paths that fail are data in the result. What a run stored before it ended is kept for the
    /// next one.
    /// </summary>
    /// <exception cref="VarveException">Busy: another process backs the source up. Usage, NotFound: the source. Nothing could be saved, or
    /// the store or the catalog failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint was made.</exception>
    public static BackupResult Backup(
        this Repository repository, BackupOptions options, BackupMonitor? monitor = null, CancellationToken cancellationToken = default) =>
        BackupRunner.Run(repository, options, monitor ?? new BackupMonitor(), cancellationToken);

    /// <summary>
    /// What a backup would do, without writing anything; null stands for a repository that is not there yet. For the program, as
    /// <see cref="LeftOut"/>.
    /// </summary>
    internal static DryRunResult DryRun(this Repository? repository, BackupOptions options, BackupMonitor monitor, TimeProvider time,
        CancellationToken cancellationToken) =>
        DryRunner.Run(repository, options, monitor, time, cancellationToken);

    /// <summary>
    /// Restores a snapshot, or a part of one. Nothing is written outside the target. Paths that fail are data in the result.
    /// </summary>
    /// <exception cref="VarveException">Usage: the target is not empty. NotFound: no such path, or nothing that is included. Storage: the
    /// target is full or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was written is left.</exception>
    public static RestoreResult Restore(
        this Repository repository, RestoreOptions options, RestoreMonitor? monitor = null,
        CancellationToken cancellationToken = default) =>
        RestoreRunner.Run(repository, options, monitor ?? new RestoreMonitor(), cancellationToken);

    /// <summary>
    /// Checks whether everything in the repository is as it was written. Damage is data in the result; nothing is changed.
    /// </summary>
    /// <exception cref="VarveException">The store failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CheckResult Check(this Repository repository, CheckOptions options, CancellationToken cancellationToken = default) =>
        Check(repository, options, new CheckMonitor(), cancellationToken);

    /// <summary>As <see cref="Check(Repository, CheckOptions, CancellationToken)"/>, and says how far it is.</summary>
    internal static CheckResult Check(this Repository repository, CheckOptions options, CheckMonitor monitor,
        CancellationToken cancellationToken = default) =>
        Checker.Run(repository, options, monitor, cancellationToken);

    /// <inheritdoc cref="Service.Drill.Run"/>
    internal static DrillResult Drill(this Repository repository, IReadOnlyList<SnapshotInfo> snapshots, DrillOptions options,
        RestoreMonitor? monitor = null, CancellationToken cancellationToken = default) =>
        Service.Drill.Run(repository, snapshots, options, monitor ?? new RestoreMonitor(), cancellationToken);

    /// <inheritdoc cref="Forgetter.Run"/>
    internal static ForgetResult Forget(this Repository repository, ForgetRequest request, Action<VarveException> damaged,
        CancellationToken cancellationToken = default) =>
        Forgetter.Run(repository, request, damaged, cancellationToken);

    /// <inheritdoc cref="CatalogMaintenance.Trim"/>
    internal static void TrimCatalog(this Repository repository) => CatalogMaintenance.Trim(repository);

    /// <inheritdoc cref="Forgetter.RunDamaged"/>
    internal static ObjectName ForgetDamaged(this Repository repository, string spec, string why = "", bool isDryRun = false) =>
        Forgetter.RunDamaged(repository, spec, why, isDryRun);

    /// <inheritdoc cref="SnapshotMarker.Pin"/>
    internal static IReadOnlyList<SnapshotInfo> Pin(
        this Repository repository, IReadOnlyList<SnapshotInfo> snapshots, FileTime? until = null, string why = "") =>
        SnapshotMarker.Pin(repository, snapshots, until, why);

    /// <inheritdoc cref="SnapshotMarker.Unpin"/>
    internal static IReadOnlyList<SnapshotInfo> Unpin(this Repository repository, IReadOnlyList<SnapshotInfo> snapshots) =>
        SnapshotMarker.Unpin(repository, snapshots);

    /// <inheritdoc cref="SnapshotMarker.Tag"/>
    internal static IReadOnlyList<SnapshotInfo> ChangeTags(this Repository repository, IReadOnlyList<SnapshotInfo> snapshots,
        IReadOnlyList<string> removed, IReadOnlyList<string> added) =>
        SnapshotMarker.Tag(repository, snapshots, removed, added);

    /// <inheritdoc cref="SnapshotMarker.SetTags"/>
    internal static IReadOnlyList<SnapshotInfo> SetTags(
        this Repository repository, IReadOnlyList<SnapshotInfo> snapshots, IReadOnlyList<string> tags) =>
        SnapshotMarker.SetTags(repository, snapshots, tags);

    /// <summary>
    /// Deletes what no snapshot needs. It blocks nobody and waits for nobody: what has to wait for writers that are at work is said, and
    /// deleted by a later prune. It may be stopped at any moment, and is carried on then.
    /// </summary>
    /// <exception cref="VarveException">WrongKey without the full key. Busy: another prune is at work. Damaged: what is needed is not
    /// known, or not there; nothing was deleted. The store failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static PruneResult Prune(
        this Repository repository, PruneOptions options, PruneMonitor? monitor = null, CancellationToken cancellationToken = default) =>
        Pruner.Run(repository, options, monitor ?? new PruneMonitor(), cancellationToken);

    /// <summary>Takes back what prunes condemned and did not delete yet: it stays until it is condemned again.</summary>
    /// <exception cref="VarveException">WrongKey without the full key. Busy: a prune is at work. The store failed.</exception>
    internal static PruneUndone UndoPrune(this Repository repository, CancellationToken cancellationToken = default) =>
        Pruner.Undo(repository, cancellationToken);

    /// <summary>Counts what the repository holds, from listings and the index; reads no pack.</summary>
    /// <exception cref="VarveException">The store failed.</exception>
    public static RepositoryStatistics Statistics(this Repository repository) => Maintain.Stats.Statistics.Run(repository);

    /// <summary>
    /// The snapshot that <paramref name="spec"/> names: <c>latest</c>, or the first digits of its name, at least 4.
    /// Only among those of the sources that <paramref name="filter"/> means.
    /// </summary>
    /// <exception cref="VarveException">NotFound. Usage: several may be meant, or it names no snapshot.</exception>
    public static SnapshotInfo FindSnapshot(this Repository repository, string spec, SourceFilter? filter = null) =>
        SnapshotChoice.Find(repository, new SnapshotQuery
        {
            Name = spec, Source = filter?.Source, Host = filter?.Host, Writer = filter?.Writer,
        }).Snapshot;

    /// <summary>
    /// The snapshot that is meant, and what of it. The latest is that of the source in whose root an absolute path lies, the deepest such
    /// root of a host; sources of this host come first.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such snapshot, source or host, or the path lies in none. Usage: several may be meant
    /// (<see cref="VarveException.Sources"/>), or it names no snapshot. WrongKey: only the full key tells sources apart.</exception>
    internal static ChosenSnapshot ChooseSnapshot(this Repository repository, SnapshotQuery query) => SnapshotChoice.Find(repository, query);

    /// <summary>
    /// The sources there are, or those that are meant. Snapshots that cannot be read go to <paramref name="damaged"/>.
    /// </summary>
    /// <exception cref="VarveException">NotFound: there is no such source, host or writer. WrongKey without the full key.</exception>
    public static IReadOnlyList<SourceInfo> Sources(
        this Repository repository, SourceFilter? filter = null, Action<VarveException>? damaged = null) =>
        [.. SourceChoice.Select(SourceNotes.All(repository, damaged), static h => h.Info, filter ?? new()).Select(static h => h.Info)];

    /// <summary>
    /// The snapshots of the sources that are meant, in order. What <see cref="Repository.Snapshots"/> gives, if all are.
    /// </summary>
    /// <inheritdoc cref="Sources"/>
    public static IReadOnlyList<SnapshotInfo> SnapshotsOf(
        this Repository repository, SourceFilter filter, Action<VarveException>? damaged = null) =>
        filter.IsAll ? repository.Snapshots(damaged)
        : HistoryOrder.Merge(SourceChoice.Select(SourceNotes.All(repository, damaged), static h => h.Info, filter)
            .SelectMany(static h => h.Snapshots));

    /// <summary>
    /// Gives a source another name from now on, for all who use the repository. What is still saved under the former name is of that source
    /// all the same.
    /// </summary>
    /// <exception cref="VarveException">NotFound; Usage: several may be meant, or its host has another source of that name. WrongKey
    /// without the full key.</exception>
    public static SourceInfo RenameSource(this Repository repository, SourceFilter filter, string name) =>
        SourceNotes.Rename(repository, filter, name);

    /// <summary>
    /// Makes the history of a source that of the tree at <paramref name="root"/> on this host (or on <paramref name="newHost"/>), as the
    /// key in use records it (or as <paramref name="newWriter"/> does, the label of a key or the beginning of its writer's id): a renamed
    /// machine's, or that of a root that was moved. Null: at the root that it has. Snapshots stay as they are; the next backup there has
    /// the latest of them before it. What another key recorded is taken over as it is now: what that key adds later is a history of its
    /// own, unless <paramref name="laterToo"/>.
    /// </summary>
    /// <exception cref="VarveException">NotFound: the source, or the root. Usage: several may be meant, or nobody signed it and what comes
    /// later is wanted too. Busy: one of the two is being
    /// backed up. WrongKey without the full key.</exception>
    public static SourceInfo AdoptSource(
        this Repository repository, SourceFilter filter, byte[]? root = null, string? newHost = null, string? newWriter = null,
        bool laterToo = false) =>
        SourceNotes.Adopt(repository, filter, root, newHost, newWriter, laterToo, SourceRoot.TryResolve);

    /// <summary>
    /// Takes back the last adoption (<see cref="AdoptSource"/>) by a source: what it took over is a source of its own again, which is
    /// returned. What was recorded since stays with who recorded it.
    /// </summary>
    /// <exception cref="VarveException">NotFound: the source. Usage: several may be meant, or it has taken over nothing. Busy: it is being
    /// backed up. WrongKey without the full key.</exception>
    public static SourceInfo TakeBackAdoption(this Repository repository, SourceFilter filter) =>
        SourceNotes.TakeBack(repository, filter);

    /// <summary>
    /// Lists a directory's entries (and all below it, depth-first, if <paramref name="recursive"/>), or the one entry if the path names
    /// something else. <paramref name="path"/> is relative to the source's root; null for the root. Entries are given one by one, on the
    /// calling thread. A directory that cannot be read goes to <paramref name="failed"/>, and the others are listed. A snapshot that goes
    /// on beyond what it counts, or beyond 10^9 entries, is listed that far and a little further, unless <paramref name="noLimits"/>.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such path. Damaged: what leads to it. Usage: more than 10^9 entries.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void ListEntries(this Repository repository, SnapshotInfo snapshot, byte[]? path, bool recursive,
        Action<ListedEntry> found, Action<Failure> failed, bool noLimits = false, CancellationToken cancellationToken = default) =>
        Lister.Run(repository, snapshot, path, recursive, found, failed, noLimits, cancellationToken);

    /// <summary>
    /// What a partial snapshot left for the next, the newest first: 10,000 files at most, its counts tell of how many. Nothing for a whole
    /// one.
    /// </summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal static IReadOnlyList<PendingFile> PendingFiles(this Repository repository, SnapshotInfo snapshot) =>
        Lister.Pending(repository, snapshot);

    /// <summary>
    /// What a snapshot lacks, or has only in part, because it could not be saved, by path: 10,000 at most, its counts tell of how many.
    /// Nothing if nothing failed.
    /// </summary>
    /// <exception cref="VarveException">Damaged.</exception>
    public static IReadOnlyList<Failure> Failures(this Repository repository, SnapshotInfo snapshot) =>
        Lister.Failures(repository, snapshot);

    /// <summary>
    /// What was left out of a snapshot on purpose, by path: the first 10,000 at most, its counts tell of how many. Nothing of snapshots by
    /// programs that did not record it, which have no <see cref="SnapshotCounts.LeftOut"/>. For the program: what other programs need of it
    /// is not decided.
    /// </summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal static IReadOnlyList<LeftOutEntry> LeftOut(this Repository repository, SnapshotInfo snapshot) =>
        Lister.LeftOut(repository, snapshot);

    /// <summary>
    /// What is not the same in two snapshots, by path: what a restore of the one and of the other would make otherwise. Only at or below
    /// <paramref name="path"/>, which is relative to the roots. For the program, as <see cref="LeftOut"/>.
    /// </summary>
    /// <exception cref="VarveException">Damaged. WrongKey: snapshots of two histories, or that are not whole, need the full
    /// key.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static IReadOnlyList<Difference> Compare(this Repository repository, SnapshotInfo before, SnapshotInfo after,
        byte[]? path = null, CancellationToken cancellationToken = default) =>
        SnapshotComparison.Run(repository, before, after, path, cancellationToken);

    /// <inheritdoc cref="LiveComparison.Run"/>
    internal static LiveComparisonResult CompareWithTree(this Repository repository, SnapshotInfo snapshot, byte[]? path, byte[]? directory,
        bool byContent, Action<Failure> failed, CancellationToken cancellationToken = default) =>
        LiveComparison.Run(repository, snapshot, path, directory, byContent, failed, cancellationToken);

    /// <summary>
    /// Finds every revision in all snapshots whose name (or, if <paramref name="pattern"/> has a slash, whose path) matches the glob;
    /// one that begins with a slash is for absolute paths, as they are recorded. Only in the sources
    /// that <paramref name="filter"/> means. The local catalog is brought up to date first.
    /// </summary>
    /// <exception cref="VarveException">Usage: a bad pattern. NotFound: no such source or host. The store failed.</exception>
    public static void FindRevisions(
        this Repository repository, string pattern, Action<FoundRevision> found, bool ignoreCase = false, SourceFilter? filter = null,
        CancellationToken cancellationToken = default) =>
        Finder.Run(repository, pattern, ignoreCase, filter ?? new(), new RevisionConditions(), found, cancellationToken);

    /// <summary>The same of revisions that are what else is asked for. For the program, as <see cref="LeftOut"/>.</summary>
    /// <inheritdoc cref="FindRevisions(Repository, string, Action{FoundRevision}, bool, SourceFilter, CancellationToken)"/>
    internal static void FindRevisions(
        this Repository repository, string pattern, RevisionConditions conditions, Action<FoundRevision> found, bool ignoreCase,
        SourceFilter filter, CancellationToken cancellationToken) =>
        Finder.Run(repository, pattern, ignoreCase, filter, conditions, found, cancellationToken);

    /// <summary>
    /// Every revision of what is, or was, at a path: by source and time, across renames and moves; perhaps only those whose content is
    /// another, and what else has or had such content. For the program, as <see cref="LeftOut"/>.
    /// </summary>
    /// <inheritdoc cref="EntryHistories.Run"/>
    internal static IReadOnlyList<HistoryEntry> EntryHistory(this Repository repository, byte[] path, SourceFilter? filter = null,
        bool contentOnly = false, bool copies = false, CancellationToken cancellationToken = default) =>
        EntryHistories.Run(repository, path, filter ?? new(), contentOnly, copies, cancellationToken);

    /// <inheritdoc cref="RunLog.Runs"/>
    internal static IReadOnlyList<KnownRun> Runs(
        this Repository repository, SourceFilter filter, CancellationToken cancellationToken = default) =>
        RunLog.Runs(repository, filter, cancellationToken);

    /// <inheritdoc cref="RunLog.Entries(Repository, SnapshotInfo, byte[], CancellationToken)"/>
    internal static IReadOnlyList<LoggedEntry> Log(
        this Repository repository, SnapshotInfo snapshot, byte[]? path, CancellationToken cancellationToken = default) =>
        RunLog.Entries(repository, snapshot, path, cancellationToken);

    /// <inheritdoc cref="RunLog.EntriesOfAll"/>
    internal static void LogOfAll(this Repository repository, IEnumerable<KnownRun> runs, Func<KnownRun, byte[]?> path,
        Action<SnapshotInfo, IReadOnlyList<LoggedEntry>> found, CancellationToken cancellationToken = default) =>
        RunLog.EntriesOfAll(repository, runs, path, found, cancellationToken);

    /// <inheritdoc cref="PathStories.Open"/>
    internal static PathStories PathStories(this Repository repository, SourceFilter filter, CancellationToken cancelled = default) =>
        History.PathStories.Open(repository, filter, cancelled);

    /// <inheritdoc cref="ContentSearch.Run"/>
    internal static int SearchContent(this Repository repository, byte[] path, SourceFilter filter, LineMatcher matcher,
        Action<ContentMatch> found, Action<VarveException> damaged, CancellationToken cancellationToken = default) =>
        ContentSearch.Run(repository, path, filter, matcher, found, damaged, cancellationToken);

    /// <summary>
    /// Writes one file's content to <paramref name="output"/>, in order, holes as zeros. Every chunk is checked before a byte of it goes
    /// out, so what was written before an error is right. The stream stays open.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such path. Usage: it is no file. Damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void ReadFile(this Repository repository, SnapshotInfo snapshot, byte[] path, Stream output,
        CancellationToken cancellationToken = default) =>
        Dumper.Run(repository, snapshot, path, output, cancellationToken);

    /// <summary>
    /// Writes a directory, with all below it, to <paramref name="output"/> as a tar of the pax format; paths in it begin at the directory.
    /// What a tar cannot hold is told to <paramref name="left"/>. The stream stays open.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such path. Usage: it is no directory. Damaged: something below it; what was written is
    /// cut off there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void WriteTar(this Repository repository, SnapshotInfo snapshot, byte[] path, Stream output, Action<Failure> left,
        CancellationToken cancellationToken = default) =>
        Dumper.RunTar(repository, snapshot, path, output, left, cancellationToken);

    /// <summary>What is at a path of a snapshot.</summary>
    /// <exception cref="VarveException">NotFound: no such path. Damaged.</exception>
    internal static EntryKind KindAt(this Repository repository, SnapshotInfo snapshot, byte[] path) =>
        SnapshotPaths.Find(repository.MetaChunks.Read, snapshot, path).Stat.Kind;
}
