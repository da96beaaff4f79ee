using Varve.Backup;
using Varve.History;
using Varve.Maintain.Check;
using Varve.Maintain.Stats;
using Varve.Restore;

namespace Varve;

/// <summary>
/// What can be done with an open <see cref="Repository"/>. All but <see cref="Backup"/> and <see cref="Statistics"/> need the full key.
/// Calls are synchronous and bring threads of their own; several may run at once on one repository. What happens to single paths is data in
/// the results; what ends an operation is a <see cref="VarveException"/>.
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
    /// Restores a snapshot, or a part of one. Nothing is written outside the target. Paths that fail are data in the result.
    /// </summary>
    /// <exception cref="VarveException">Usage: the target is not empty. NotFound: no such path. Storage: the target is full or cannot be
    /// written.</exception>
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
    public static CheckResult Check(
        this Repository repository, CheckOptions options, CheckMonitor? monitor = null, CancellationToken cancellationToken = default) =>
        Checker.Run(repository, options, monitor ?? new CheckMonitor(), cancellationToken);

    /// <summary>Counts what the repository holds, from listings and the index; reads no pack.</summary>
    /// <exception cref="VarveException">The store failed.</exception>
    public static RepositoryStatistics Statistics(this Repository repository) => Maintain.Stats.Statistics.Run(repository);

    /// <summary>
    /// The snapshot that <paramref name="spec"/> names: <c>latest</c>, or the first digits of its name, at least 4.
    /// <paramref name="source"/>: only among those of the source of that name.
    /// </summary>
    /// <exception cref="VarveException">NotFound. Usage: several match, or it names no snapshot.</exception>
    public static SnapshotInfo FindSnapshot(this Repository repository, string spec, string? source = null) =>
        SnapshotChoice.Find(repository, spec, source);

    /// <summary>
    /// Lists a directory's entries (and all below it, depth-first, if <paramref name="recursive"/>), or the one entry if the path names
    /// something else. <paramref name="path"/> is relative to the source's root; null for the root. Entries are given one by one, on the
    /// calling thread.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such path. Damaged.</exception>
    public static void ListEntries(this Repository repository, SnapshotInfo snapshot, byte[]? path, bool recursive,
        Action<ListedEntry> found) =>
        Lister.Run(repository, snapshot, path, recursive, found);

    /// <summary>
    /// What a partial snapshot left for the next, the newest first: 10,000 files at most, its counts tell of how many. Nothing for a whole
    /// one.
    /// </summary>
    /// <exception cref="VarveException">Damaged.</exception>
    public static IReadOnlyList<PendingFile> PendingFiles(this Repository repository, SnapshotInfo snapshot) =>
        Lister.Pending(repository, snapshot);

    /// <summary>
    /// Finds every revision in all snapshots whose name (or, if <paramref name="pattern"/> has a slash, whose path) matches the glob.
    /// <paramref name="source"/>: only in the source of that name. The local catalog is brought up to date first.
    /// </summary>
    /// <exception cref="VarveException">Usage: a bad pattern. The store failed.</exception>
    public static void FindRevisions(
        this Repository repository, string pattern, Action<FoundRevision> found, bool ignoreCase = false, string? source = null,
        CancellationToken cancellationToken = default) =>
        Finder.Run(repository, pattern, ignoreCase, source, found, cancellationToken);

    /// <summary>
    /// Writes one file's content to <paramref name="output"/>, in order, holes as zeros. Every chunk is checked before a byte of it goes
    /// out, so what was written before an error is right. The stream stays open.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such path. Usage: it is no file. Damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void ReadFile(this Repository repository, SnapshotInfo snapshot, byte[] path, Stream output,
        CancellationToken cancellationToken = default) =>
        Dumper.Run(repository, snapshot, path, output, cancellationToken);
}
