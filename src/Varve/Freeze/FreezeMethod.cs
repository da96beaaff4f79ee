namespace Varve.Freeze;

/// <summary>How a file system is frozen for a backup.</summary>
internal enum FreezeMethod
{
    /// <summary>Not at all: the live tree is read.</summary>
    None,

    /// <summary>By whatever the root's file system offers; live, with a note, if that is nothing.</summary>
    Auto,

    /// <summary>A read-only btrfs snapshot of each subvolume.</summary>
    Btrfs,

    /// <summary>A snapshot of the logical volume.</summary>
    Lvm,

    /// <summary>A snapshot of the ZFS dataset.</summary>
    Zfs,
}
