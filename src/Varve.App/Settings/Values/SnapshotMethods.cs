using Varve.FileSystems;

namespace Varve.App.Options;

/// <summary>The words for methods of freezing file systems.</summary>
internal static class SnapshotMethods
{
    /// <summary>All of them, for messages.</summary>
    internal const string All = "auto, btrfs, lvm, zfs, none";

    /// <summary>The method of that word; null if there is none.</summary>
    internal static SnapshotMethod? Find(string word) => word switch
    {
        "auto" => SnapshotMethod.Auto,
        "btrfs" => SnapshotMethod.Btrfs,
        "lvm" => SnapshotMethod.Lvm,
        "zfs" => SnapshotMethod.Zfs,
        "none" => SnapshotMethod.None,
        _ => null,
    };
}
