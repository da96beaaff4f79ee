using Varve.Freeze;
using Varve.Model;

namespace Varve.App.Settings.Values;

/// <summary>The words for methods of freezing file systems.</summary>
internal static class FreezeMethods
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = ["auto", "btrfs", "lvm", "zfs", "none"];

    /// <summary>The method of a word.</summary>
    internal static FreezeMethod Parse(string text, string origin) => text switch
    {
        "auto" => FreezeMethod.Auto,
        "btrfs" => FreezeMethod.Btrfs,
        "lvm" => FreezeMethod.Lvm,
        "zfs" => FreezeMethod.Zfs,
        "none" => FreezeMethod.None,
        _ => throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}"),
    };
}
