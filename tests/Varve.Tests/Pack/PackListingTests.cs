using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Tests.Kit;

namespace Varve.Tests.Pack;

public sealed class PackListingTests
{
    /// <summary>A pack whose size is the one that its footer gives it.</summary>
    private static PackContents Pack(long name, int blocks, int chunks, PackKind kind = PackKind.Data)
    {
        PackedBlock[] packed =
        [
            .. Enumerable.Range(0, blocks).Select(b =>
            {
                PackedChunk[] inside = [.. Enumerable.Range(0, chunks)
                    .Select(c => new PackedChunk(Some.Id((name * 1000) + (b * 100) + c), (uint)((b * 300) + c + 1)))];
                return new PackedBlock(17 + (uint)b, (uint)inside.Sum(c => c.Length), Codec.Zstd, inside);
            }),
        ];
        var footer = new ByteWriter();
        PackFooter.Encode(footer, packed);
        long size = PackLayout.HeaderLength + packed.Sum(b => (long)b.StoredLength) + SealLayout.SealedLength(footer.Length)
            + PackLayout.TailLength;
        return new PackContents(Some.Name(name), kind, size, packed);
    }

    private static byte[] Encode(IReadOnlyList<PackContents> packs, IReadOnlyList<ObjectName>? superseded = null)
    {
        var writer = new ByteWriter();
        PackListing.Encode(writer, packs, superseded);
        return writer.ToArray();
    }

    private static string Text(PackContents pack) =>
        $"{pack.Name} {pack.Kind} {pack.Size} {string.Join('|', pack.Blocks.Select(Text))}";

    private static string Text(PackedBlock block) =>
        $"{block.StoredLength} {block.RawLength} {block.Codec} {string.Join(' ', block.Chunks)}";

    private static (PackContents[] Packs, ObjectName[] Superseded) Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new PackListingReader(bytes);
        var packs = new List<PackContents>();
        while (reader.NextPack())
        {
            FooterCursor cursor = reader.Blocks();
            var blocks = new List<PackedBlock>();
            while (cursor.NextBlock())
            {
                var chunks = new List<PackedChunk>();
                while (cursor.NextChunk()) { chunks.Add(cursor.Chunk); }
                blocks.Add(new PackedBlock(cursor.StoredLength, cursor.RawLength, cursor.Codec, chunks));
            }

            packs.Add(new PackContents(reader.Name, reader.Kind, reader.Size, blocks));
        }

        return ([.. packs], reader.Superseded);
    }

    [Fact]
    public void What_was_listed_is_read_back()
    {
        PackContents[] packs = [Pack(1, 3, 5), Pack(2, 1, 1, PackKind.Meta), Pack(3, 20, 40)];
        ObjectName[] superseded = [Some.Name(8), Some.Name(9)];
        (PackContents[] read, ObjectName[] names) = Decode(Encode(packs, superseded));
        Assert.Equal(packs.Select(Text), read.Select(Text));
        Assert.Equal(superseded, names);
        Assert.Empty(Decode(Encode([])).Packs);
    }

    [Fact]
    public void The_bound_is_never_passed()
    {
        for (int blocks = 1; blocks < 30; blocks += 7)
        {
            PackContents pack = Pack(blocks, blocks, 1 + (blocks * 3 % 50));
            Assert.True(Encode([pack]).Length <= PackListing.Bound(pack) + 2);
        }
    }

    [Fact]
    public void A_listing_that_is_cut_short_or_goes_on_with_half_a_part_is_damage()
    {
        byte[] bytes = Encode([Pack(1, 3, 5), Pack(2, 2, 2)], [Some.Name(8)]);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => Decode(bytes.AsSpan(0, length))).Kind);
        }

        foreach (byte[] more in (byte[][])[[1], [0, 0, 9], [2, 1, 0], [5, 2, 1, 3, 1, 0], [18, 1, 15, .. new byte[15], 0]])
        {
            Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => Decode([.. bytes, .. more])).Kind);
        }
    }

    [Fact]
    public void What_is_said_of_the_run_itself_is_read_back_and_further_parts_are_passed_over()
    {
        var session = SessionId.Create();
        var writer = new ByteWriter();
        PackListing.Encode(writer, [Pack(1, 3, 5)]);
        int bare = writer.Length;
        PackListing.EncodeFields(writer, session);
        int signed = writer.Length;
        writer.Bytes([7, 8, 9]);
        writer.Bytes([1]);
        writer.Bytes([]);
        foreach ((int length, SessionId expected, int covered, int signature) in ((int, SessionId, int, int)[])
            [(bare, default, bare, 0), (signed, session, signed, 0), (writer.Length, session, signed, 3)])
        {
            var reader = new PackListingReader(writer.Written[..length]);
            while (reader.NextPack()) { }
            Assert.Equal((expected, covered, signature), (reader.Session, reader.SignedLength, reader.Signature.Length));
        }

        // Fields of a later writer.
        var later = new PackListingReader([0, 0, 3, 9, 1, 5]);
        Assert.False(later.NextPack());
        Assert.Equal(default, later.Session);
    }

    [Fact]
    public void A_pack_whose_blocks_do_not_fill_it_is_damage()
    {
        PackContents pack = Pack(1, 2, 3);
        Assert.Throws<VarveException>(() => Decode(Encode([pack with { Size = pack.Size + 1 }])));
        Assert.Throws<VarveException>(() => Decode(Encode([pack with { Size = 200 }])));
        Assert.Throws<VarveException>(() => Decode(Encode([pack with { Kind = (PackKind)3 }])));
    }

    [Fact]
    public void Changed_bytes_never_do_worse_than_damage()
    {
        byte[] bytes = Encode([Pack(1, 3, 5), Pack(2, 2, 2)], [Some.Name(8)]);
        var random = new Random(4);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. bytes];
            for (int k = random.Next(1, 4); k > 0; k--) { changed[random.Next(changed.Length)] = (byte)random.Next(256); }
            try { Decode(changed); }
            catch (VarveException e) { Assert.Equal(ErrorKind.Damaged, e.Kind); }
        }
    }
}
