using System.Buffers.Binary;
using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Pack;

namespace Varve.Scale;

/// <summary>
/// Chunks that no content stands behind, by number: their ids are spread as real ones are, and can be made again one at a time, so that
/// asking for a million of them takes no memory. Numbers from the repository's count on are those of chunks that it does not have.
/// </summary>
internal static class MadeUpChunks
{
    /// <summary>
    /// Chunks in a block and blocks in a pack, and the length of each chunk: as if a large file of 256 KiB chunks had been stored.
    /// </summary>
    public const int PerBlock = 4, PerPack = 48, Length = 256 << 10;

    private const uint Stored = 700_000;

    /// <summary>The id of a chunk.</summary>
    public static ChunkId Id(ulong number)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        for (int i = 0; i < 4; i++) { BinaryPrimitives.WriteUInt64LittleEndian(bytes[(8 * i)..], Mix(4 * number + (ulong)i)); }
        return new ChunkId(bytes);
    }

    /// <summary>
    /// The packs of chunks <paramref name="first"/> to <paramref name="end"/> - 1, as a backup would report them to the index.
    /// </summary>
    public static IReadOnlyList<PackContents> Packs(ulong first, ulong end)
    {
        var packs = new List<PackContents>();
        for (ulong number = first; number < end;)
        {
            ulong name = number;
            var blocks = new List<PackedBlock>();
            while (blocks.Count < PerPack && number < end)
            {
                var chunks = new List<PackedChunk>();
                while (chunks.Count < PerBlock && number < end) { chunks.Add(new PackedChunk(Id(number++), Length)); }
                blocks.Add(new PackedBlock(Stored, (uint)(chunks.Count * Length), Codec.Zstd, chunks));
            }

            var footer = new ByteWriter();
            PackFooter.Encode(footer, blocks);
            long size = PackLayout.HeaderLength + blocks.Count * (long)Stored + SealLayout.SealedLength(footer.Length)
                + PackLayout.TailLength;
            packs.Add(new PackContents(new ObjectName(Id(~name).Value), PackKind.Data, size, blocks));
        }

        return packs;
    }

    /// <summary>Spreads a number over 64 bits, each to another one (the finalizer of SplitMix64).</summary>
    public static ulong Mix(ulong number)
    {
        number += 0x9E37_79B9_7F4A_7C15;
        number = (number ^ (number >> 30)) * 0xBF58_476D_1CE4_E5B9;
        number = (number ^ (number >> 27)) * 0x94D0_49BB_1331_11EB;
        return number ^ (number >> 31);
    }
}
