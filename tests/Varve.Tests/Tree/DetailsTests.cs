using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tests.Kit;
using Varve.Tree.Details;

namespace Varve.Tests.Tree;

public sealed class DetailsTests
{
    [Fact]
    public void What_is_encoded_is_decoded()
    {
        var random = new Random(21);
        for (int i = 0; i < 3000; i++)
        {
            EntryDetails details = Entries.Details(random, (EntryKind)random.Next(1, 8));
            Entries.AssertSame(details, DetailsCodec.Decode(DetailsEncoding.Encode(details)));
        }
    }

    [Fact]
    public void Details_have_the_bytes_the_format_says()
    {
        byte[] id = Some.Id(1).Value.ToArray();
        byte[] encoded = DetailsEncoding.Encode(new EntryDetails
        {
            Extents = [new Extent(Some.Id(1), 300, 5), Extent.Hole(128)],
            Device = (8, 200),
            LinkGroup = 0x0102,
            Xattrs = [new Xattr("user.a"u8.ToArray(), [9, 8])],
            Birth = new FileTime(-1, 5),
            Attributes = 0x10,
        });
        byte[] expected =
        [
            1, 39, 0, .. id, 0xAC, 2, 5, 1, 0x80, 1,
            5, 3, 8, 0xC8, 1,
            6, 8, 2, 1, 0, 0, 0, 0, 0, 0,
            7, 9, 6, .. "user.a"u8, 9, 8,
            8, 2, 1, 5,
            9, 1, 0x10,
        ];
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(encoded));
    }

    [Fact]
    public void The_fast_path_writes_what_the_codec_writes()
    {
        var random = new Random(22);
        var writer = new ByteWriter();
        for (int i = 0; i < 500; i++)
        {
            EntryDetails d = Entries.Details(random, EntryKind.File);
            EntryStat stat = Entries.Stat(random, EntryKind.File, d);
            writer.Clear();
            var w = new DetailsWriter(writer);
            if (d.Extents != null) { w.Extents([.. d.Extents]); }
            if (!d.ExtentList.IsNone) { w.ExtentList(d.ExtentList); }
            w.LinkGroup(d.LinkGroup);
            foreach (Xattr x in d.Xattrs) { w.Xattr(x.Name, x.Value); }
            w.BirthAndAttributes(stat);
            Assert.Equal(DetailsEncoding.Encode(d), writer.ToArray());
        }
    }

    [Fact]
    public void Single_fields_are_read_without_decoding_the_rest()
    {
        var details = new EntryDetails
        {
            Extents = Entries.Extents(new Random(2), 30),
            LinkGroup = 77,
            Xattrs = [new Xattr("user.a"u8.ToArray(), [1]), new Xattr("user.b"u8.ToArray(), [2])],
        };
        byte[] encoded = DetailsEncoding.Encode(details);
        var extents = new List<Extent>();
        ExtentReader reader = DetailsCodec.InlineExtents(encoded);
        while (reader.MoveNext()) { extents.Add(reader.Current); }

        Assert.Equal(extents.Sum(e => e.Length), reader.Length);
        Assert.Equal(details.Extents, extents);
        Assert.Equal(77u, DetailsCodec.LinkGroup(encoded));
        Assert.True(DetailsCodec.ChildTree(encoded).IsNone);
        Assert.True(DetailsCodec.ExtentList(encoded).IsNone);
        Assert.True(DetailsCodec.TryGet(encoded, DetailTag.Xattr, out ReadOnlySpan<byte> first));
        Assert.Equal(1, first[^1]);
        Assert.False(DetailsCodec.TryGet(encoded, DetailTag.Birth, out _));
        Assert.False(DetailsCodec.TryGet(encoded, 5, out _));
    }

    [Fact]
    public void Replacing_the_child_tree_keeps_every_other_field()
    {
        byte[] before = [2, 1, 99], after = [7, 3, 1, (byte)'x', 5, 100, 2, 8, 8, 100, 0, 0xAC, 2, 1, 6];
        byte[] tree = [3, 32, .. Some.Id(1).Value.ToArray()], other = [3, 32, .. Some.Id(2).Value.ToArray()];
        foreach ((byte[] a, byte[] b) in ((byte[], byte[])[])[(before, after), ([], after), (before, []), ([], [])])
        {
            var writer = new ByteWriter();
            DetailsCodec.WithChildTree(writer, [.. a, .. other, .. b], Some.Id(1));
            Assert.Equal([.. a, .. tree, .. b], writer.ToArray());
            writer.Clear();
            DetailsCodec.WithChildTree(writer, [.. a, .. b], Some.Id(1));
            Assert.Equal([.. a, .. tree, .. b], writer.ToArray());
        }
    }

    [Fact]
    public void Unknown_fields_are_skipped_and_may_repeat()
    {
        byte[] details = [8, 2, 0, 0, 20, 1, 5, 20, 0, 0xAC, 2, 1, 6];
        Assert.Equal(new FileTime(0, 0), DetailsCodec.Decode(details).Birth);
    }

    [Fact]
    public void The_writer_refuses_what_readers_would()
    {
        var details = new ByteWriter();
        Assert.Throws<InvalidOperationException>(() =>
        {
            var w = new DetailsWriter(details);
            w.Birth(default);
            w.LinkGroup(1);
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            var w = new DetailsWriter(details);
            w.ChildTree(Some.Id(1));
            w.ChildTree(Some.Id(1));
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            var w = new DetailsWriter(details);
            w.Extents([new Extent(Some.Id(1), 0, 1)]);
            w.ExtentList(Some.Id(1));
        });
        Assert.Throws<ArgumentException>(() =>
        {
            var w = new DetailsWriter(details);
            w.Xattr("b"u8, []);
            w.Xattr("a"u8, []);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => DetailsEncoding.Encode(new EntryDetails { Extents = [Extent.Hole(0)] }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => DetailsEncoding.Encode(new EntryDetails { Extents = [new Extent(Some.Id(1), 1, 16 << 20)] }));
    }

    [Theory]
    [InlineData("0801000601")] // tags descend
    [InlineData("0802000008020000")] // birth twice
    [InlineData("020100")] // an id of one byte
    [InlineData("060100")] // a link group of one byte
    [InlineData("0803000000")] // more than a time
    [InlineData("0905FFFFFFFF7F")] // attributes beyond 32 bits
    [InlineData("0802")] // no value
    [InlineData("01020101" + "010101")] // extents twice
    [InlineData("010102")] // an extent of unknown kind
    [InlineData("0703016202" + "0703016102")] // attributes descend
    public void Details_that_make_no_sense_are_damage(string hex) => DamagedBytes.Is(() => DetailsCodec.Decode(Convert.FromHexString(hex)));

    [Fact]
    public void A_slice_beyond_any_chunk_and_a_file_longer_than_possible_are_damage()
    {
        var writer = new ByteWriter();
        writer.VarInt(0);
        writer.Id32(Some.Id(1).Value);
        writer.VarInt((16 << 20) - 1);
        writer.VarInt(2);
        byte[] slice = writer.ToArray();
        DamagedBytes.Is(() => new ExtentReader(slice, Subject.None).MoveNext());
        writer.Clear();
        for (int i = 0; i < 2; i++)
        {
            writer.VarInt(1);
            writer.VarInt(long.MaxValue);
        }

        byte[] holes = writer.ToArray();
        DamagedBytes.Is(() =>
        {
            var reader = new ExtentReader(holes, Subject.None);
            while (reader.MoveNext()) { }
        });
    }

    [Fact]
    public void Damaged_details_never_crash()
    {
        var random = new Random(23);
        for (int i = 0; i < 20; i++)
        {
            byte[] details = DetailsEncoding.Encode(Entries.Details(random, (EntryKind)random.Next(1, 8)));
            if (details.Length == 0) { continue; }
            DamagedBytes.Survives(details, d => DetailsCodec.Decode(d), 500, i);
            DamagedBytes.Survives(details, d => DetailsCodec.WithChildTree(new ByteWriter(), d, default), 200, i);
        }
    }
}
