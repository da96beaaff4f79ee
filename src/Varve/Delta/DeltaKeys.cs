using System.Security.Cryptography;

namespace Varve.Delta;

/// <summary>
/// The keys of the side store, derived from a repository's chunk-id key: nobody without it can make cells that collide, read a path from a
/// signature's name, or write a signature that is believed.
/// </summary>
internal sealed class DeltaKeys
{
    private const int Size = 32;

    /// <summary>Derives them.</summary>
    public DeltaKeys(ReadOnlySpan<byte> chunkIdKey)
    {
        Cells = HKDF.Expand(HashAlgorithmName.SHA256, Extract(chunkIdKey), Size, "varve/1 delta blocks gmac"u8.ToArray());
        Files = HKDF.Expand(HashAlgorithmName.SHA256, Extract(chunkIdKey), Size, "varve/1 delta files"u8.ToArray());
    }

    /// <summary>Keys the strong hash of cells.</summary>
    internal byte[] Cells { get; }

    /// <summary>Keys the names and the seals of signature files.</summary>
    internal byte[] Files { get; }

    private static byte[] Extract(ReadOnlySpan<byte> key) => HKDF.Extract(HashAlgorithmName.SHA256, key.ToArray(), []);
}
