using Varve.FileSystems;
using Varve.Model;
using Varve.Repositories;

namespace Varve.Backup;

/// <summary>
/// The source as it is read: live, or from snapshots of its file systems that live as long as this.
/// <para>Invariant: the run's start was recorded before a snapshot is taken. Otherwise a file that is changed twice within a tick, once before and once after the snapshot,
/// would look safe to the next run (decision 0004).</para>
/// </summary>
internal sealed class FrozenSource : IDisposable
{
    private readonly SnapshotSet? _snapshots;
    private SourceTree? _frozen;

    private FrozenSource(SourceTree tree, SnapshotSet? snapshots, SourceTree? frozen)
    {
        Tree = tree;
        _snapshots = snapshots;
        _frozen = frozen;
    }

    /// <summary>What to read.</summary>
    internal SourceTree Tree { get; }

    /// <summary>Where the records of snapshots, and the snapshots themselves, are found: one place for all repositories of a cache, so that any run finds what another left.</summary>
    internal static string Folder(Repository repository) => Path.Combine(Path.GetFullPath(repository.Options.CacheRoot), "fs-snapshots");

    /// <summary>Removes what killed runs left behind, and freezes what the options ask for. <paramref name="live"/> stays the caller's.</summary>
    internal static FrozenSource Of(SourceTree live, BackupOptions options, Repository repository, RunTally tally)
    {
        void Warn(Notice notice) => repository.Options.Warn?.Invoke(notice);
        string folder = Folder(repository);
        Leftovers.Clean(folder, Warn, tally.Note);
        if (options.FileSystemSnapshot == SnapshotMethod.None) { return new FrozenSource(live, null, null); }
        tally.Monitor.Enter("taking snapshots");
        var snapshots = new SnapshotSet(options.FileSystemSnapshot, folder, tally.Note, Warn);
        try
        {
            SourceTree frozen = live.Freeze(snapshots, nested: !options.OneFileSystem, tally);
            return new FrozenSource(frozen, snapshots, frozen);
        }
        catch
        {
            snapshots.Dispose();
            throw;
        }
    }

    /// <summary>Removes the snapshots. May be called again.</summary>
    public void Dispose()
    {
        _frozen?.Dispose();
        _frozen = null;
        _snapshots?.Dispose();
    }
}
