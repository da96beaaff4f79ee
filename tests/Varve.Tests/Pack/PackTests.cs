using System.Buffers.Binary;
using Varve.Format;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Tests.Kit;

namespace Varve.Tests.Pack;

public sealed class PackTests
{
    private static readonly ObjectName Name = Some.Name(1);

    private static byte[] Header(PackKind kind = PackKind.Data)
    {
        var header = new byte[145];
        new Random(3).NextBytes(header);
        PackHeader.Write(header, kind, header[16..32]);
        return header;
    }

    // Stands in for sealing: salt before, tag after each segment. Tests stay below one segment.
    private static byte[] Seal(ReadOnlySpan<byte> plaintext) => [.. new byte[32], .. plaintext, .. new byte[16]];

    private static byte[] Footer(byte[] pack)
    {
        int length = PackFooter.ReadTail(pack[^12..], pack.Length);
        return pack[(pack.Length - 12 - length)..^12][32..^16];
    }

    private static PackContents Build(PackBuilder builder, Random random, PackKind kind = PackKind.Data, int blocks = 5)
    {
        builder.Begin(kind, Header(kind));
        for (int i = 0; i < blocks; i++)
        {
            PackedChunk[] chunks = [.. Enumerable.Range(0, random.Next(1, 9))
                .Select(_ => new PackedChunk(Some.Id(random.NextInt64()), (uint)random.Next(1, 100_000)))];
            uint raw = (uint)chunks.Sum(c => c.Length);
            bool plain = random.Next(2) == 0;
            int stored = plain ? (int)raw + 16 : random.Next(17, 100_000);
            Assert.Equal((uint)i, builder.NextBlockNumber);
            builder.Reserve(stored + 5)[..stored].Fill((byte)(i + 1));
            builder.Commit(stored, raw, plain ? Codec.Raw : Codec.Zstd, chunks);
        }

        builder.Finish(Seal(builder.EncodeFooter()));
        return builder.ToContents(Name);
    }

    private static void AssertSame(PackContents expected, PackContents actual)
    {
        Assert.Equal((expected.Name, expected.Kind, expected.Size), (actual.Name, actual.Kind, actual.Size));
        Assert.Equal(
            expected.Blocks.Select(b => (b.StoredLength, b.RawLength, b.Codec, string.Join(' ', b.Chunks))),
            actual.Blocks.Select(b => (b.StoredLength, b.RawLength, b.Codec, string.Join(' ', b.Chunks))));
    }

    [Fact]
    public void What_the_builder_built_the_footer_tells()
    {
        var builder = new PackBuilder();
        var random = new Random(5);
        for (int round = 0; round < 20; round++)
        {
            PackKind kind = round % 2 == 0 ? PackKind.Data : PackKind.Meta;
            PackContents contents = Build(builder, random, kind, random.Next(1, 20));
            byte[] pack = builder.Bytes.ToArray();
            builder.Reset();
            Assert.Equal(contents.Size, pack.Length);
            Assert.Equal(kind, PackHeader.Parse(pack));
            AssertSame(contents, PackFooter.Decode(Footer(pack), Name, kind, pack.Length));
        }
    }

    [Fact]
    public void Blocks_lie_without_gaps_from_offset_145()
    {
        var builder = new PackBuilder();
        PackContents contents = Build(builder, new Random(6));
        byte[] pack = builder.Bytes.ToArray();
        int at = 145, n = 1;
        foreach (PackedBlock block in contents.Blocks)
        {
            Assert.True(pack.AsSpan(at, (int)block.StoredLength).IndexOfAnyExcept((byte)n) < 0);
            at += (int)block.StoredLength;
            n++;
        }

        Assert.Equal((uint)(pack.Length - 12 - at), BinaryPrimitives.ReadUInt32LittleEndian(pack.AsSpan(pack.Length - 12)));
        Assert.Equal("KCAPVRAV"u8.ToArray(), pack[^8..]);
        Assert.Equal("VARVPACK"u8.ToArray(), pack[..8]);
    }

    [Fact]
    public void A_footer_has_the_bytes_the_format_says()
    {
        var writer = new ByteWriter();
        PackFooter.Encode(writer, [new PackedBlock(300, 5, Codec.Zstd, [new PackedChunk(Some.Id(1), 2), new PackedChunk(Some.Id(2), 3)])]);
        byte[] expected = [1, 0xAC, 2, 5, 1, 2, .. Some.Id(1).Value.ToArray(), 2, .. Some.Id(2).Value.ToArray(), 3];
        Assert.Equal(expected, writer.ToArray());
    }

    [Fact]
    public void What_is_reserved_and_not_committed_is_no_part_of_the_pack()
    {
        var builder = new PackBuilder();
        builder.Begin(PackKind.Data, Header());
        builder.Reserve(5000).Fill(9);
        builder.Reserve(30).Fill(7);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Commit(31, 14, Codec.Zstd, [new(Some.Id(1), 14)]));
        builder.Commit(20, 14, Codec.Zstd, [new(Some.Id(1), 14)]);
        Assert.Equal(165, builder.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Commit(20, 14, Codec.Zstd, [new(Some.Id(1), 14)]));
    }

    [Fact]
    public void The_order_of_calls_is_held()
    {
        var builder = new PackBuilder();
        Assert.Throws<InvalidOperationException>(() => builder.Reserve(20).Length);
        Assert.Throws<ArgumentException>(() => builder.Begin(PackKind.Meta, Header(PackKind.Data)));
        Assert.Throws<ArgumentException>(() => builder.Begin(PackKind.Meta, Header(PackKind.Meta)[..^1]));
        builder.Begin(PackKind.Meta, Header(PackKind.Meta));
        Assert.Throws<ArgumentException>(() => builder.Finish(new byte[49]));
        Assert.Throws<InvalidOperationException>(() => builder.ToContents(Name));
        builder.Reserve(30);
        Assert.Throws<ArgumentException>(() => builder.Commit(20, 5, Codec.Zstd, [new(Some.Id(1), 4)]));
        Assert.Throws<ArgumentException>(() => builder.Commit(20, 5, Codec.Raw, [new(Some.Id(1), 5)]));
        Assert.Throws<ArgumentException>(() => builder.Commit(20, 0, Codec.Zstd, []));
        builder.Commit(21, 5, Codec.Raw, [new(Some.Id(1), 5)]);
        builder.Finish(Seal(builder.EncodeFooter()));
        Assert.Throws<InvalidOperationException>(() => builder.Reserve(20).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(15)]
    public void A_header_of_another_kind_is_damage(int offset)
    {
        byte[] header = Header();
        header[offset] ^= 0x40;
        Assert.Equal(Subject.None, DamagedBytes.Is(() => PackHeader.Parse(header)).Subject);
    }

    [Fact]
    public void A_short_header_is_damage() => DamagedBytes.Is(() => PackHeader.Parse(Header()[..144]));

    [Fact]
    public void A_tail_that_cannot_be_is_damage()
    {
        byte[] tail = [200, 0, 0, 0, .. "KCAPVRAV"u8];
        Assert.Equal(200, PackFooter.ReadTail(tail, 1000));
        DamagedBytes.Is(() => PackFooter.ReadTail(tail, 145 + 12 + 199));
        DamagedBytes.Is(() => PackFooter.ReadTail([48, 0, 0, 0, .. "KCAPVRAV"u8], 1000));
        DamagedBytes.Is(() => PackFooter.ReadTail([255, 255, 255, 255, .. "KCAPVRAV"u8], long.MaxValue));
        DamagedBytes.Is(() => PackFooter.ReadTail([200, 0, 0, 0, .. "KCAPVRAX"u8], 1000));
        DamagedBytes.Is(() => PackFooter.ReadTail(tail[1..], 1000));
    }

    [Fact]
    public void A_footer_that_does_not_fit_its_pack_is_damage()
    {
        var builder = new PackBuilder();
        Build(builder, new Random(8));
        byte[] pack = builder.Bytes.ToArray(), footer = Footer(pack);
        PackFooter.Decode(footer, Name, PackKind.Data, pack.Length);
        DamagedBytes.Is(() => PackFooter.Decode(footer, Name, PackKind.Data, pack.Length - 1));
        DamagedBytes.Is(() => PackFooter.Decode(footer, Name, PackKind.Data, pack.Length + 1));
        DamagedBytes.Is(() => PackFooter.Decode(footer, Name, PackKind.Data, 0));
        DamagedBytes.Is(() => PackFooter.Decode([.. footer, 0], Name, PackKind.Data, pack.Length + 1));
        DamagedBytes.RejectsTruncation(footer, f => PackFooter.Decode(f, Name, PackKind.Data, pack.Length));
        DamagedBytes.Survives(footer, f => PackFooter.Decode(f, Name, PackKind.Data, pack.Length));
    }

    [Theory]
    [InlineData(16u, 5u, 1, 5u)] // shorter than tag and a byte
    [InlineData(20u, 5u, 0, 5u)] // raw, of another length
    [InlineData(20u, 5u, 2, 5u)] // unknown codec
    [InlineData(20u, 5u, 1, 4u)] // chunks do not add up
    [InlineData(20u, (32u << 20) + 1, 1, (32u << 20) + 1)] // too long
    [InlineData(20u, (16u << 20) + 1, 1, (16u << 20) + 1)] // chunk too long
    public void A_block_beyond_the_limits_is_damage(uint stored, uint raw, int codec, uint chunk)
    {
        var writer = new ByteWriter();
        PackFooter.Encode(writer, [new PackedBlock(stored, raw, (Codec)codec, [new PackedChunk(Some.Id(1), chunk)])]);
        long size = 145 + stored + SealLayout.SealedLength(writer.Length) + 12;
        DamagedBytes.Is(() => PackFooter.Decode(writer.Written, Name, PackKind.Data, size));
    }

    [Fact]
    public void A_sealed_footer_has_a_tag_for_each_segment_of_1_MiB()
    {
        Assert.Equal(32 + 16, SealLayout.SealedLength(0));
        Assert.Equal(32 + (1 << 20) + 16, SealLayout.SealedLength(1 << 20));
        Assert.Equal(32 + (1 << 20) + 1 + 32, SealLayout.SealedLength((1 << 20) + 1));
    }
}
