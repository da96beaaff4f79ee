using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Varve.Chunk;

namespace Varve.Tests.Golden;

/// <summary>The vector for cutting (docs/format.md, 12): content that a rule makes, and the lengths of its chunks.</summary>
internal static class VectorCuts
{
    private const int Length = 1_000_000, Min = 4_096, Average = 16_384, Max = 65_536;

    internal static JsonObject Of(byte[] chunkerKey)
    {
        byte[] content = Content();
        var chunker = new Chunker(chunkerKey, Min, Average, Max);
        var lengths = new JsonArray();
        for (int at = 0; at < content.Length;)
        {
            int cut = chunker.FindBoundary(content.AsSpan(at), isEnd: true);
            lengths.Add((JsonNode)cut);
            at += cut;
        }

        return new JsonObject
        {
            ["key"] = "repository.chunkerKey",
            ["content"] = "the first 1000000 bytes of SHA-256(u64 0) || SHA-256(u64 1) || ..., the numbers little-endian",
            ["chunkMin"] = Min, ["chunkAverage"] = Average, ["chunkMax"] = Max, ["lengths"] = lengths,
        };
    }

    private static byte[] Content()
    {
        var content = new byte[Length];
        Span<byte> number = stackalloc byte[8];
        Span<byte> hash = stackalloc byte[32];
        for (int at = 0; at < Length; at += 32)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, (ulong)at / 32);
            SHA256.HashData(number, hash);
            hash[..Math.Min(32, Length - at)].CopyTo(content.AsSpan(at));
        }

        return content;
    }
}
