using System.Globalization;
using Varve.Freeze;
using Varve.Model;

namespace Varve.Backup.Sources;

/// <summary>
/// Which names below a root are other file systems, told by the system's table of mounts: for those that cannot be asked, as another user's
/// FUSE mounts, or one whose server is gone. The table is read once, when first needed. Thread-safe.
/// </summary>
/// <param name="root">Where it is read.</param>
/// <param name="prefix">The root's place in the source, a relative path.</param>
internal sealed class OtherFileSystems(SourceRoot root, byte[] prefix)
{
    private readonly Lazy<MountTable?> _mounts = new(Read);

    /// <summary>Whether another file system is mounted at exactly this path of the source.</summary>
    internal bool IsAt(ReadOnlySpan<byte> path)
    {
        bool isBelow = prefix.Length == 0 || Paths.IsAtOrBelow(path, prefix);
        if (!isBelow || _mounts.Value is not { } mounts) { return false; }
        ReadOnlySpan<byte> below = prefix.Length == 0 ? path : Paths.Below(path, prefix);
        return mounts.At(Paths.Join(root.RealPath, below)) is { } mount && mount.Device != Device;
    }

    /// <summary>
    /// The type of the file system that is mounted at a path of the source, or else of one with that device number; null if that is not
    /// known.
    /// </summary>
    internal string? TypeAt(ReadOnlySpan<byte> path, ulong device)
    {
        if (_mounts.Value is not { } mounts) { return null; }
        bool isBelow = prefix.Length == 0 || Paths.IsAtOrBelow(path, prefix);
        ReadOnlySpan<byte> below = prefix.Length == 0 ? path : isBelow ? Paths.Below(path, prefix) : default;
        return ((isBelow ? mounts.At(Paths.Join(root.RealPath, below)) : null) ?? mounts.On(Text(device)))?.Type;
    }

    /// <summary>The root's, as the table has it.</summary>
    private string Device => Text(root.Stat.Device);

    private static string Text(ulong device) => string.Create(CultureInfo.InvariantCulture, $"{device >> 32}:{(uint)device}");

    private static MountTable? Read()
    {
        try { return MountTable.Read(); }
        catch (VarveException) { return null; } // without /proc nothing is known
    }
}
