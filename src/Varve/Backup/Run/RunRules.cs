using Varve.Backup.Clocks;
using Varve.Backup.Listed;
using Varve.Backup.Rules;
using Varve.Backup.Streams;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Model.Rules;

namespace Varve.Backup.Run;

/// <summary>
/// What a run goes by: the options, resolved against the source as it is read and what the catalog says of it. The same for all passes.
/// Immutable but for what <see cref="Excludes"/> remembers, and thread-safe.
/// </summary>
internal sealed record RunRules
{
    /// <summary>Where the file system's own granularity is not known to be that of the root.</summary>
    private const long CoarseGranularity = 2_000_000_000;

    // An hour.
    private const long FarAhead = 3_600_000_000_000;

    /// <summary>Every file is read again, whatever the catalog says.</summary>
    internal required bool Force { get; init; }

    /// <summary>Directories on other file systems are stored empty.</summary>
    internal required bool OneFileSystem { get; init; }

    /// <summary>What of a stat is not compared.</summary>
    internal required ChangeRules Compare { get; init; }

    /// <summary>Where the content of the one file comes from that the source is; null: from that file.</summary>
    internal ContentStream? Stream { get; init; }

    /// <summary>What is left out; it remembers which patterns matched, for all passes.</summary>
    internal required RuleSet Excludes { get; init; }

    /// <summary>Where the paths of the source are, that rules are about.</summary>
    internal required RulePaths Paths { get; init; }

    /// <summary>What is left out by what it is, or by what the tree says.</summary>
    internal EntryRules Entries { get; init; } = EntryRules.None;

    /// <summary>The paths that a list names, if a run is of these alone; null for all.</summary>
    internal ListedPaths? Only { get; init; }

    /// <summary>Whether no path is left out by what it is called.</summary>
    internal bool IncludesAll => Excludes.IsEmpty && Only is null;

    /// <summary>Whether directories that were moved are looked for: there is a state before, and inode numbers mean something.</summary>
    internal required bool FindMoves { get; init; }

    /// <summary>Before when timestamps tell states apart.</summary>
    internal required SafeLooks Safe { get; init; }

    /// <summary>How far apart two changes must lie to surely get different timestamps on the root's file system, in nanoseconds.</summary>
    internal required long Granularity { get; init; }

    /// <summary>What was changed after this has to be proved still before it is read (decision 0022).</summary>
    internal required FileTime RecentAfter { get; init; }

    /// <summary>What clocks stamp the source's files.</summary>
    internal required SourceClocks Clocks { get; init; }

    /// <summary>When the run began: what was changed after this may have been listed as it was before, and read as it was then.</summary>
    internal required FileTime Started { get; init; }

    /// <summary>Which files are one unit, whose parts are of one moment.</summary>
    internal required FileGroups Groups { get; init; }

    /// <summary>The file system the root lies on.</summary>
    internal required ulong RootDevice { get; init; }

    /// <summary>Directories that must not be backed up: the repository itself, the cache, and where snapshots are mounted.</summary>
    internal required OwnDirectory[] Own { get; init; }

    /// <summary>Files that are read again whatever their stat says.</summary>
    internal required UnstableSet Unstable { get; init; }

    /// <summary>Which rows have to be proved before they count; null: none, the usual case.</summary>
    internal required RowProof? Proof { get; init; }

    /// <summary>
    /// Whether what the catalog says of entries that have not changed holds, as far as row <paramref name="k"/> is concerned. What this
    /// session saved in an earlier visit does.
    /// </summary>
    internal bool IsBelievable(DirectoryNode node, EntryTable rows, int k) => IsBelievable(node, rows.First(k)) || Proof!.Holds(rows, k);

    /// <summary>The same of everything that was recorded under that number, without looking at it.</summary>
    internal bool IsBelievable(DirectoryNode node, long recorded) => Proof is null || node.IsAgain || !Proof.Asks(recorded);

    /// <summary>Whether a path is among those that are meant, and no rule excludes it; it lies at <paramref name="paths"/>, if it is not
    /// where most do.</summary>
    internal bool Includes(ReadOnlySpan<byte> path, EntryKind kind, RulePaths? paths = null) =>
        Only?.Includes(path, kind) != false && !Excludes.Excludes(path, kind == EntryKind.Directory, paths ?? Paths);

    /// <summary>
    /// Whether a file is one of <see cref="Unstable"/>, where it stands or where it stood before its directory was moved.
    /// </summary>
    internal bool IsListed(DirectoryNode node, ReadOnlySpan<byte> name) =>
        Unstable.Contains(node.Id, name) || (node.MovedFrom != 0 && Unstable.Contains(node.MovedFrom, name));

    /// <summary>Before when timestamps tell states of a directory's entries apart.</summary>
    internal SafeTimes SafeAt(DirectoryNode node) => SafeAt(node, node.Gap);

    /// <summary>The same for what snapshots have not seen since <paramref name="gap"/>.</summary>
    internal SafeTimes SafeAt(DirectoryNode node, long gap) => Safe.Since(gap, node.Origins is null ? node.MountKey : null);

    /// <summary>
    /// Whether a file has to be read in a way that relies on nothing its stat says: it is listed, or row <paramref name="known"/> of what
    /// is known (-1: none) is flagged so. The flag is in the snapshot too, and outlives the list.
    /// </summary>
    internal bool IsDistrusted(DirectoryNode node, ReadOnlySpan<byte> name, int known) =>
        IsListed(node, name) || (known >= 0 && (node.Known!.Flags(known) & EntryFlags.Unsettled) != 0);

    /// <summary>Whether all timestamps in a directory lie safely before the scan that recorded them.</summary>
    internal bool IsSafe(DirectoryNode node, in DirectoryRow row)
    {
        FileTime limit = SafeAt(node).For(row.Recorded);
        if (node.Device != RootDevice) { limit = limit.Minus(CoarseGranularity); }
        return ((Compare & ChangeRules.IgnoreCtime) != 0 ? row.NewestMtime : row.NewestCtime) < limit;
    }

    /// <summary>
    /// Whether what was changed in a directory before this run looked may be changed again without another stamp, or nobody can tell.
    /// </summary>
    internal bool MayHideChanges(DirectoryNode node, in DirectoryRow row)
    {
        if (Clocks.Start(node.MountKey) is not { } clock) { return true; }
        FileTime limit = FileTime.Earlier(Started, clock.Minus(node.Device == RootDevice ? Granularity : CoarseGranularity));
        return ((Compare & ChangeRules.IgnoreCtime) != 0 ? row.NewestMtime : row.NewestCtime) >= limit;
    }

    /// <summary>Whether a change of the file would get another ctime by now.</summary>
    internal bool IsTickOver(in EntryStat stat, FileTime now) =>
        stat.Ctime < FileTime.Earlier(now, Clocks.Now(mountKey: 0) ?? now)
            .Minus(GranularityOf(in stat));

    /// <summary>
    /// Whether a directory may have changed since the run began, by its stamps as it was opened. Where no new file told the time of the
    /// file system, any may.
    /// </summary>
    internal bool IsSinceStart(ulong mountKey, in EntryStat opened) =>
        Clocks.PresentStart(mountKey) is not { } start || opened.Ctime >= start.Minus(GranularityOf(in opened));

    /// <summary>
    /// For how many nanoseconds a change of a directory may have left its stamps as they were when it was opened, which was when the run
    /// had been going on for <paramref name="elapsed"/> at least; 0 if each change shows. Where no new file told the time of the file
    /// system, nobody knows how late that was: the stamps are taken as they are, or a directory that nobody but others may write to would
    /// never be seen to hold still.
    /// </summary>
    internal long HidesChanges(ulong mountKey, in EntryStat opened, long elapsed)
    {
        if (Clocks.IsFine(mountKey)) { return 0; }
        long tick = GranularityOf(in opened);
        if (Clocks.PresentStart(mountKey)?.Plus(elapsed) is not { } then) { return 0; }
        // A stamp far ahead, which some wrong clock made, is not made again for a while.
        return opened.Ctime < then.Minus(tick) || opened.Ctime > then.Plus(FarAhead) ? 0 : tick;
    }

    /// <summary>What tells a directory from another on its file system; 0 where inode numbers mean nothing.</summary>
    internal ulong InodeOf(in EntryStat stat) => (Compare & ChangeRules.IgnoreInode) != 0 ? 0 : stat.Inode;

    private long GranularityOf(in EntryStat stat) => stat.Device == RootDevice ? Granularity : CoarseGranularity;

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
