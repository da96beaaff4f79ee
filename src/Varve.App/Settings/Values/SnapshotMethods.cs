namespace Varve.App.Settings.Values;

/// <summary>The words for methods of freezing file systems.</summary>
internal static class SnapshotMethods
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = ["auto", "btrfs", "lvm", "zfs", "none"];

    /// <summary>The method of a word.</summary>
    internal static SnapshotMethod Parse(string text, string origin) => text switch
    {
        "auto" => SnapshotMethod.Auto,
        "btrfs" => SnapshotMethod.Btrfs,
        "lvm" => SnapshotMethod.Lvm,
        "zfs" => SnapshotMethod.Zfs,
        "none" => SnapshotMethod.None,
        _ => throw new VarveException(ErrorKind.Usage, $"{origin} must be one of {string.Join(", ", Words)}"),
    };
}
