using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Varve.Chunk;

/// <summary>
/// The 256 words that the rolling hash adds for each byte value: HKDF-SHA256(ikm = chunker key, salt empty, info = "varve/1 gear",
/// 2,048 bytes), read as 256 little-endian u64; word i belongs to byte value i. Secret, so that chunk lengths tell less of the content.
/// </summary>
internal static class GearTable
{
    internal const int Size = 256;

    internal static ulong[] Derive(ReadOnlySpan<byte> chunkerKey)
    {
        Span<byte> bytes = stackalloc byte[Size * sizeof(ulong)];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, chunkerKey, bytes, salt: [], info: "varve/1 gear"u8);
        var table = new ulong[Size];
        for (int i = 0; i < Size; i++) { table[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]); }

        CryptographicOperations.ZeroMemory(bytes);
        return table;
    }
}
