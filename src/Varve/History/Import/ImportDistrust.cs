using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;

namespace Varve.History.Import;

/// <summary>
/// Which files of an imported snapshot the next run reads whatever their stat says. Their flags tell; but programs before the flag
/// *moving* kept that in their catalogs alone, so of a snapshot of theirs it is whatever was changed too lately for its stat to prove
/// anything (decision 0022). That costs a read, once.
/// </summary>
internal readonly struct ImportDistrust
{
    private readonly FileTime _after;

    internal ImportDistrust(Snapshot snapshot) : this(snapshot.Start, snapshot.FlagsMoving)
    {
    }

    private ImportDistrust(FileTime start, bool flagsMoving) =>
        _after = flagsMoving ? new FileTime(long.MaxValue, 0) : RecentChanges.After(start);

    /// <summary>
    /// Why a file goes on the list that is current again, where it is not known what its writer flagged: it may have flagged none.
    /// </summary>
    internal static UnstableReason? WithoutFlag(in EntryStat stat, EntryFlags flags, FileTime start) =>
        new ImportDistrust(start, flagsMoving: false).ReasonOf(in stat, flags);

    /// <summary>Why a file goes on the list; null if it does not.</summary>
    internal UnstableReason? ReasonOf(in EntryStat stat, EntryFlags flags) =>
        stat.Kind != EntryKind.File ? null
        : (flags & EntryFlags.Torn) != 0 ? UnstableReason.Torn
        : (flags & EntryFlags.Moving) != 0 || stat.Ctime > _after ? UnstableReason.Moving : null;
}
