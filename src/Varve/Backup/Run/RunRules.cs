using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Paths;

namespace Varve.Backup.Run;

/// <summary>
/// What a run goes by: the options, resolved against the source as it is read and what the catalog says of it. The same for all passes.
/// Immutable, hence thread-safe.
/// </summary>
internal sealed record RunRules
{
    /// <summary>Where the file system's own granularity is not known to be that of the root.</summary>
    private const long CoarseGranularity = 2_000_000_000;

    /// <summary>Every file is read again, whatever the catalog says.</summary>
    internal required bool Force { get; init; }

    /// <summary>Directories on other file systems are stored empty.</summary>
    internal required bool OneFileSystem { get; init; }

    /// <summary>What of a stat is not compared.</summary>
    internal required ChangeRules Compare { get; init; }

    internal required Glob[] Excludes { get; init; }

    /// <summary>Whether directories that were moved are looked for: there is a state before, and inode numbers mean something.</summary>
    internal required bool FindMoves { get; init; }

    /// <summary>Before when timestamps tell states apart.</summary>
    internal required SafeTimes Safe { get; init; }

    /// <summary>How far apart two changes must lie to surely get different timestamps on the root's file system, in nanoseconds.</summary>
    internal required long Granularity { get; init; }

    /// <summary>What was changed after this has to be proved still before it is read (decision 0022).</summary>
    internal required FileTime RecentAfter { get; init; }

    /// <summary>The file system the root lies on.</summary>
    internal required ulong RootDevice { get; init; }

    /// <summary>Directories that must not be backed up: the repository itself, the cache, and where snapshots are mounted.</summary>
    internal required OwnDirectory[] Own { get; init; }

    /// <summary>Files that are read again whatever their stat says.</summary>
    internal required UnstableSet Unstable { get; init; }

    /// <summary>Whether no exclude matches a path.</summary>
    internal bool Includes(ReadOnlySpan<byte> path, EntryKind kind)
    {
        foreach (Glob glob in Excludes)
        {
            if ((kind == EntryKind.Directory || !glob.DirectoriesOnly) && glob.IsMatch(path)) { return false; }
        }

        return true;
    }

    /// <summary>
    /// Whether a file is one of <see cref="Unstable"/>, where it stands or where it stood before its directory was moved.
    /// </summary>
    internal bool IsListed(DirectoryNode node, ReadOnlySpan<byte> name) =>
        Unstable.Contains(node.Id, name) || (node.MovedFrom != 0 && Unstable.Contains(node.MovedFrom, name));

    /// <summary>Whether all timestamps in a directory lie safely before the scan that recorded them.</summary>
    internal bool IsSafe(DirectoryNode node, in DirectoryRow row)
    {
        FileTime limit = Safe.For(row.Recorded);
        if (node.Device != RootDevice) { limit = limit.Minus(CoarseGranularity); }
        return ((Compare & ChangeRules.IgnoreCtime) != 0 ? row.NewestMtime : row.NewestCtime) < limit;
    }

    /// <summary>Whether a change of the file would get another ctime by now.</summary>
    internal bool IsTickOver(in EntryStat stat, FileTime now) =>
        stat.Ctime < now.Minus(stat.Device == RootDevice ? Granularity : CoarseGranularity);

    /// <summary>The directory of ours that an entry is, which is left out; null for any other.</summary>
    internal OwnDirectory? OwnAt(DirectoryNode node, ReadOnlySpan<byte> name, in EntryStat stat)
    {
        foreach (OwnDirectory own in Own)
        {
            if (own.Is(in stat, node, name)) { return own; }
        }

        return null;
    }
}
