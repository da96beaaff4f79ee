namespace Varve.Freeze;

/// <summary>A mounted file system, as /proc/self/mountinfo tells it.</summary>
/// <param name="Place">Where it is mounted: an absolute path, bytes.</param>
/// <param name="Root">Which directory of the file system is seen there, an absolute path within it: not <c>/</c> for bind mounts and btrfs
/// subvolumes.</param>
/// <param name="Type">The type, such as <c>ext4</c>.</param>
/// <param name="Source">The device, dataset or whatever was mounted.</param>
/// <param name="Device">The device number as <c>major:minor</c>.</param>
internal sealed record MountEntry(byte[] Place, byte[] Root, string Type, string Source, string Device)
{
    /// <summary>
    /// Where <paramref name="path"/>, which lies in this mount, is within the file system: an absolute path, <c>/</c> for its root.
    /// </summary>
    public byte[] Inside(ReadOnlySpan<byte> path) => Paths.Join(Root, Paths.Below(path, Place));
}
