using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Tests.Kit;

/// <summary>Made-up values.</summary>
internal static class Some
{
    /// <summary>An id that looks random and is the same for the same number.</summary>
    internal static ChunkId Id(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return new ChunkId(SHA256.HashData(bytes));
    }

    internal static ObjectName Name(long number) => new(Id(number ^ long.MinValue).Value);

    internal static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A pack whose block <c>b</c> holds the chunks <c>blocks[b]</c>.</summary>
    internal static PackContents Pack(ObjectName name, params PackedChunk[][] blocks)
    {
        PackedBlock[] packed = [.. blocks.Select(c => new PackedBlock(17 + (uint)c.Length, (uint)c.Sum(x => x.Length), Codec.Zstd, c))];
        return new PackContents(name, PackKind.Data, 145 + packed.Sum(b => (long)b.StoredLength) + 100, packed);
    }

    /// <summary>A pack of chunks in blocks of up to <paramref name="perBlock"/>.</summary>
    internal static PackContents Pack(ObjectName name, IEnumerable<ChunkId> ids, int perBlock = 7) =>
        Pack(name, [.. ids.Chunk(perBlock).Select(b => b.Select(id => new PackedChunk(id, (uint)(id.Value.Prefix % 1000) + 1)).ToArray())]);
}
