using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Varve.Backup.Run;

/// <summary>
/// Tells inode numbers of different file systems within one source apart in link groups, and when a moved directory is looked for. Derived
/// from the path of the mount point, because device numbers change from boot to boot and would change trees.
/// </summary>
internal static class MountKeys
{
    /// <summary>The key of a file system mounted at <paramref name="path"/>, relative to the root.</summary>
    internal static ulong Of(ReadOnlySpan<byte> path)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(path, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | (1UL << 63);
    }
}
