namespace Varve.Model.Snapshots;

/// <summary>Why something of a source is not in a snapshot. The numbers are the format's (docs/format.md, 8.5).</summary>
internal enum LeftOutReason : byte
{
    /// <summary>A rule excludes it.</summary>
    Excluded = 1,
    /// <summary>It is a directory on another file system or subvolume, which was not to be entered: it is in the snapshot, empty.</summary>
    NotEntered = 2,
    /// <summary>It is another file system that was not to be entered and could not be asked: it is not in the snapshot at all.</summary>
    OtherFileSystem = 3,
    /// <summary>It is what a backup itself writes to: the repository, the cache, the spool, snapshots of file systems.</summary>
    OwnDirectory = 4,
    /// <summary>It is of a kind that its writer does not store. This program stores all kinds, and says so of none.</summary>
    KindNotStored = 5,
    /// <summary>It could not be saved. This program lists that among the failures of a snapshot.</summary>
    Failed = 6,
    /// <summary>It is still to come. This program lists that among the pending files of a partial snapshot.</summary>
    Pending = 7,
    /// <summary>An ignore file in the tree says so, which was asked for.</summary>
    Ignored = 8,
    /// <summary>It is a directory with a tag: it is in the snapshot with that tag alone, or with nothing.</summary>
    Tagged = 9,
    /// <summary>Its size, its time or an attribute says so.</summary>
    Property = 10,
    /// <summary>Another reason, which this program does not know.</summary>
    Other = 255,
}
