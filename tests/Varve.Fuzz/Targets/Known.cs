using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Fuzz.Targets;

/// <summary>Ids, keys and bytes that are the same in each run.</summary>
internal static class Known
{
    internal static RepositoryId Repository { get; } = new(1, 2);

    internal static byte[] Key { get; } = SHA256.HashData("a key"u8);

    internal static Bytes32 Id(int i)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        bytes.Fill((byte)i);
        bytes[0] = 1;
        return new Bytes32(bytes);
    }

    internal static ChunkId Chunk(int i) => new(Id(i));

    internal static ObjectName Name(int i) => new(Id(i));
}
