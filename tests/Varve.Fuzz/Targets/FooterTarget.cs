using System.Buffers.Binary;
using Varve.Format;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Pack;

namespace Varve.Fuzz.Targets;

/// <summary>Pack footers and the last bytes of packs: u64 the pack's size, then the plaintext.</summary>
internal sealed class FooterTarget : IFuzzTarget
{
    public string Name => "footer";

    public IEnumerable<byte[]> Seeds()
    {
        yield return Footer();
        yield return Footer(new PackedBlock(116, 100, Codec.Raw, [new PackedChunk(Known.Chunk(1), 60), new PackedChunk(Known.Chunk(2), 40)]));
        yield return Footer(new PackedBlock(50, 100, Codec.Zstd, [new PackedChunk(Known.Chunk(1), 100)]),
            new PackedBlock(17, 1, Codec.Raw, [new PackedChunk(Known.Chunk(3), 1)]));
        yield return [200, 1, 0, 0, 0, 0, 0, 0, 60, 0, 0, 0, .. PackLayout.EndMagic];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 8) { return; }
        long size = BinaryPrimitives.ReadInt64LittleEndian(input);
        if (input.EndsWith(PackLayout.EndMagic)) { PackFooter.ReadTail(input[8..], size); }
        PackContents pack = PackFooter.Decode(input[8..], Known.Name(1), PackKind.Data, size);
        var writer = new ByteWriter();
        PackFooter.Encode(writer, pack.Blocks);
        // Longer forms of numbers are read and not written, and the size tells where the footer begins.
        if (writer.Length != input.Length - 8) { return; }
        Same.Require(writer.Written, input[8..], "a footer");
    }

    private static byte[] Footer(params PackedBlock[] blocks)
    {
        var writer = new ByteWriter();
        PackFooter.Encode(writer, blocks);
        var size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, PackLayout.HeaderLength + blocks.Sum(static b => b.StoredLength)
            + SealLayout.SealedLength(writer.Length) + PackLayout.TailLength);
        return [.. size, .. writer.Written];
    }
}
