using Varve.Backup.Run;
using Varve.Freeze;
using Varve.Model;

namespace Varve.Backup.Sources;

/// <summary>
/// The source as it is read: live, or from snapshots of its file systems that live as long as this.
/// <para>Invariant: the run's start was recorded before a snapshot is taken. Otherwise a file that is changed twice within a tick, once
/// before and once after the snapshot, would look safe to the next run (decision 0004).</para>
/// </summary>
internal sealed class FrozenSource : IDisposable
{
    private readonly FrozenVolumes? _snapshots;
    private SourceTree? _frozen;

    private FrozenSource(SourceTree tree, FrozenVolumes? snapshots, SourceTree? frozen)
    {
        Tree = tree;
        _snapshots = snapshots;
        _frozen = frozen;
    }

    /// <summary>What to read.</summary>
    internal SourceTree Tree { get; }

    /// <summary>
    /// Where the records of snapshots, and the snapshots themselves, are found: one place for all repositories of a cache, so that any run
    /// finds what another left.
    /// </summary>
    internal static string Folder(string cacheRoot) => Path.Combine(Path.GetFullPath(cacheRoot), "fs-snapshots");

    /// <summary>Removes what killed runs left behind, and freezes the source in a way that was asked for.</summary>
    /// <param name="live">The source. It stays the caller's.</param>
    /// <param name="method">How to freeze it, if at all.</param>
    /// <param name="nested">Whether what is mounted in it is frozen too.</param>
    /// <param name="folder">See <see cref="Folder"/>.</param>
    /// <param name="tool">Runs the programs that do it.</param>
    /// <param name="tally">Takes notes and failures.</param>
    /// <param name="warn">Hears of snapshots that cannot be removed.</param>
    internal static FrozenSource Of(SourceTree live, FreezeMethod method, bool nested, string folder, Tool tool, RunTally tally,
        Action<Notice> warn)
    {
        Leftovers.Clean(folder, tool, warn, tally.Note);
        if (method == FreezeMethod.None) { return new FrozenSource(live, null, null); }
        tally.Progress.Enter("taking snapshots");
        var snapshots = new FrozenVolumes(method, folder, tool, tally.Note, warn);
        try
        {
            SourceTree frozen = live.Freeze(snapshots, nested, tally);
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
