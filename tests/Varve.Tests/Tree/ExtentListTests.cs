using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tree.Details;

namespace Varve.Tests.Tree;

public sealed class ExtentListTests
{
    private readonly MetaStore _store = new();

    private ChunkId Write(ExtentListWriter writer, IEnumerable<Extent> extents, out long size)
    {
        writer.Begin();
        foreach (Extent extent in extents) { writer.Add(extent); }
        size = writer.Length;
        return writer.Finish();
    }

    private byte[] Leaf(int declared, params Extent[] extents)
    {
        var writer = new ByteWriter();
        writer.Raw([3, 1]);
        writer.VarInt((uint)declared);
        foreach (Extent extent in extents)
        {
            writer.VarInt(extent.IsHole ? 1u : 0);
            if (!extent.IsHole)
            {
                writer.Id32(extent.Chunk.Value);
                writer.VarInt(extent.Offset);
            }

            writer.VarInt((ulong)extent.Length);
        }

        return writer.ToArray();
    }

    private ChunkId Node(params (ChunkId Id, long Length)[] children)
    {
        var writer = new ByteWriter();
        writer.Raw([4, 1]);
        writer.VarInt((uint)children.Length);
        foreach ((ChunkId id, long length) in children)
        {
            writer.Id32(id.Value);
            writer.VarInt((ulong)length);
        }

        return _store.Store(writer.Written);
    }

    /// <summary>As it is read: holes in a row are one.</summary>
    private static List<Extent> Merged(IEnumerable<Extent> extents)
    {
        var merged = new List<Extent>();
        foreach (Extent extent in extents)
        {
            if (extent.IsHole && merged is [.., { IsHole: true } last]) { merged[^1] = Extent.Hole(last.Length + extent.Length); }
            else { merged.Add(extent); }
        }

        return merged;
    }

    [Fact]
    public void A_few_KB_that_stand_for_2_to_the_60_holes_of_a_byte_are_one_hole_and_read_once()
    {
        (ChunkId id, long length) = (_store.Store(Leaf(4096, [.. Enumerable.Repeat(Extent.Hole(1), 4096)])), 4096);
        for (int i = 0; i < 4; i++) { (id, length) = (Node([.. Enumerable.Repeat((id, length), 4096)]), length * 4096); }
        int fetched = 0;
        Extent extent = Assert.Single(Within.Run(() => ExtentListReader.Read(id, 1L << 60, chunk =>
        {
            fetched++;
            return _store.Fetch(chunk);
        }).ToList()));
        Assert.Equal((Extent.Hole(1L << 60), 5), (extent, fetched));
    }

    [Fact]
    public void Holes_in_a_row_are_one_across_leaves_and_nodes_and_data_stays_between_them()
    {
        var data = new Extent(new ChunkId(Some.Name(7).Value), 1, 5);
        ChunkId holes = _store.Store(Leaf(2, Extent.Hole(3), Extent.Hole(4)));
        ChunkId mixed = _store.Store(Leaf(3, Extent.Hole(1), data, Extent.Hole(2)));
        ChunkId list = Node((holes, 7), (mixed, 8), (Node((holes, 7), (holes, 7)), 14), (mixed, 8));
        Assert.Equal([Extent.Hole(8), data, Extent.Hole(17), data, Extent.Hole(2)], ExtentListReader.Read(list, 37, _store.Fetch));
    }

    [Fact]
    public void A_hole_that_is_known_is_still_looked_at_for_length_and_depth()
    {
        ChunkId holes = _store.Store(Leaf(1, Extent.Hole(3)));
        Assert.Throws<VarveException>(() => ExtentListReader.Read(Node((holes, 3), (holes, 4)), 7, _store.Fetch).ToList());
        (ChunkId deep, ChunkId way) = (holes, holes);
        for (int i = 0; i < 4; i++) { deep = Node((deep, 3)); }
        // Eight levels with it at the bottom are one too many, where it is met for the second time as where it is met first.
        for (int i = 0; i < 3; i++) { way = i == 0 ? Node((deep, 3)) : Node((way, 3)); }
        Assert.Equal([Extent.Hole(3)], ExtentListReader.Read(way, 3, _store.Fetch));
        ChunkId tooDeep = Node((deep, 3), (Node((way, 3)), 3));
        VarveException e = Assert.Throws<VarveException>(() => ExtentListReader.Read(tooDeep, 6, _store.Fetch).ToList());
        Assert.Contains("levels", e.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    public void Up_to_64_extents_are_inline(int count)
    {
        Extent[] extents = Entries.Extents(new Random(count), count);
        var writer = new ExtentListWriter(_store.Store);
        Assert.True(Write(writer, extents, out _).IsNone);
        var inline = new List<Extent>();
        foreach (Extent extent in new ExtentReader(writer.Inline, Subject.None)) { inline.Add(extent); }
        Assert.Equal(extents, inline);
        Assert.Empty(_store.Chunks);
        var encoded = new ByteWriter();
        var details = new DetailsWriter(encoded);
        writer.Finish(ref details);
        Assert.Equal(count == 0 ? null : extents, DetailsCodec.Decode(encoded.Written).Extents);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(256)]
    [InlineData(5000)]
    [InlineData(100_000)]
    public void More_extents_make_a_list_that_reads_back(int count)
    {
        Extent[] extents = Entries.Extents(new Random(count), count);
        for (int i = 0; i < extents.Length; i++) { if (extents[i].IsHole) { extents[i] = Extent.Hole(i + 1); } }
        var writer = new ExtentListWriter(_store.Store);
        ChunkId list = Write(writer, extents, out long size);
        Assert.Equal(extents.Sum(e => e.Length), size);
        Assert.Equal(Merged(extents), ExtentListReader.Read(list, size, _store.Fetch));
        Assert.Equal(list, Write(writer, extents, out _));
        Assert.True(writer.Inline.IsEmpty);

        var encoded = new ByteWriter();
        var to = new DetailsWriter(encoded);
        writer.Finish(ref to);
        Assert.Equal(list, DetailsCodec.ExtentList(encoded.Written));
    }

    [Fact]
    public void A_list_after_a_long_one_is_not_confused_by_it()
    {
        var writer = new ExtentListWriter(_store.Store);
        Write(writer, Entries.Extents(new Random(1), 10_000).Select(e => e with { Length = 1 }), out _);
        Extent[] few = Entries.Extents(new Random(2), 3);
        Assert.True(Write(writer, few, out _).IsNone);
        Assert.Equal(3, writer.Count);
        Extent[] some = [.. Entries.Extents(new Random(3), 100).Select(e => e with { Length = 2 })];
        Assert.Equal(Merged(some), ExtentListReader.Read(Write(writer, some, out long size), size, _store.Fetch));
    }

    [Fact]
    public void Leaves_are_cut_after_256_extents_at_an_id_below_4_or_at_4096()
    {
        ChunkId low = new([3, .. new byte[31]]), high = new([4, .. new byte[31]]);
        var writer = new ExtentListWriter(_store.Store);
        var extents = new List<Extent>();
        extents.AddRange(Enumerable.Repeat(new Extent(low, 0, 1), 256)); // cut here: the 256th is low
        extents.AddRange(Enumerable.Repeat(new Extent(high, 0, 1), 4095));
        extents.Add(Extent.Hole(7)); // cut here: 4096
        extents.AddRange(Enumerable.Repeat(Extent.Hole(1), 300)); // holes never cut
        extents.Add(new Extent(low, 0, 1)); // cut here
        extents.Add(new Extent(high, 0, 1));
        ChunkId list = Write(writer, extents, out long size);
        ByteReader node = new(_store.Chunks[list], Subject.None);
        Assert.Equal([4, 1, 4], node.Take(3).ToArray());
        var leaves = new List<(ulong Count, ulong Bytes)>();
        for (int i = 0; i < 4; i++)
        {
            ByteReader leaf = new(_store.Chunks[new ChunkId(node.Id32())], Subject.None);
            leaf.Take(2);
            leaves.Add((leaf.VarInt(), node.VarInt()));
        }

        node.End();
        Assert.Equal([(256, 256), (4096, 4095 + 7), (301, 301), (1, 1)], leaves);
        Assert.Equal(Merged(extents), ExtentListReader.Read(list, size, _store.Fetch));
    }

    [Fact]
    public void A_list_of_more_than_4096_leaves_has_another_level_and_writing_it_takes_little_memory()
    {
        ChunkId low = new([0, .. new byte[30], 1]);
        const int count = 4097 * 256;
        var writer = new ExtentListWriter(_store.Store);
        long allocated = Allocations.Of(() =>
        {
            var bounded = new ExtentListWriter(static _ => default);
            bounded.Begin();
            for (int i = 0; i < count; i++) { bounded.Add(new Extent(low, 0, (i >> 8) + 1)); }
            bounded.Finish();
        }, rounds: 2);

        // The buffers of a leaf and of a node for each level; two bytes for each extent would be more.
        Assert.InRange(allocated, 1, 2 * count);

        writer.Begin();
        for (int i = 0; i < count; i++) { writer.Add(new Extent(low, 0, (i >> 8) + 1)); }
        long size = writer.Length, sum = 0;
        int read = 0;
        ChunkId list = writer.Finish();
        Assert.Equal([4, 1, 2], _store.Chunks[list][..3]);
        foreach (Extent extent in ExtentListReader.Read(list, size, _store.Fetch))
        {
            if (extent.Length != (read >> 8) + 1) { Assert.Fail($"extent {read}"); }
            sum += extent.Length;
            read++;
        }

        Assert.Equal((count, size), (read, sum));
    }

    [Fact]
    public void A_change_in_a_long_list_rewrites_a_leaf_and_the_node()
    {
        Extent[] extents = [.. Enumerable.Range(0, 60_000).Select(i => new Extent(Some.Id(i), 0, 1000))];
        var writer = new ExtentListWriter(_store.Store);
        Write(writer, extents, out _);
        var before = new HashSet<ChunkId>(_store.Chunks.Keys);
        Assert.InRange(before.Count, 60, 250);
        extents[30_000] = new Extent(Some.Id(-1), 0, 1000);
        Write(writer, extents, out _);
        Assert.InRange(_store.Chunks.Keys.Count(id => !before.Contains(id)), 2, 4);
    }

    [Fact]
    public void Lengths_that_do_not_match_are_damage()
    {
        Extent[] extents = [.. Entries.Extents(new Random(5), 1000).Select(e => e with { Length = 10 })];
        ChunkId list = Write(new ExtentListWriter(_store.Store), extents, out long size);
        void Read(ChunkId id, long length) => _ = ExtentListReader.Read(id, length, _store.Fetch).Count();
        Read(list, size);
        DamagedBytes.Is(() => Read(list, size - 1));
        DamagedBytes.Is(() => Read(list, size + 1));
        DamagedBytes.Is(() => Read(list, 0));
        DamagedBytes.Is(() => Read(Node((list, size - 10)), size - 10));
        DamagedBytes.Is(() => Read(Node(), 0));
        DamagedBytes.Is(() => Read(_store.Store(Leaf(0)), 0));
        DamagedBytes.Is(() => Read(_store.Store(Leaf(1, Extent.Hole(0), Extent.Hole(5))), 5));
        DamagedBytes.Is(() => Read(_store.Store(Leaf(2, Extent.Hole(0), Extent.Hole(5))), 5));
        Read(_store.Store(Leaf(2, Extent.Hole(1), Extent.Hole(5))), 6);
    }

    [Fact]
    public void A_list_without_end_is_damage()
    {
        byte[] loop = [4, 1, 1, .. Some.Id(1).Value.ToArray(), 5];
        int fetched = 0;
        DamagedBytes.Is(() => ExtentListReader.Read(Some.Id(1), 5, _ => { fetched++; return loop; }).Count());
        Assert.InRange(fetched, 1, 8);
    }

    [Fact]
    public void Damaged_lists_never_crash()
    {
        Extent[] extents = [.. Entries.Extents(new Random(6), 600).Select(e => e with { Length = 10 })];
        ChunkId list = Write(new ExtentListWriter(_store.Store), extents, out long size);
        foreach (ChunkId id in _store.Chunks.Keys.ToArray())
        {
            void Use(byte[] bytes) => _ = ExtentListReader.Read(list, size, i => i == id ? bytes : _store.Fetch(i)).Count();
            DamagedBytes.Survives(_store.Chunks[id], Use, 400);
            DamagedBytes.RejectsTruncation(_store.Chunks[id], Use, 300);
        }
    }
}
