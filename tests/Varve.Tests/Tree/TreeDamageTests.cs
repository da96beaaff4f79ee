using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tree;
using Varve.Tree.Details;

namespace Varve.Tests.Tree;

public sealed class TreeDamageTests
{
    private readonly MetaStore _store = new();
    private readonly ByteWriter _writer = new();

    private ChunkId Leaf(params string[] names)
    {
        _writer.Clear();
        _writer.Raw([1, 1, 0, 0]);
        _writer.VarInt((uint)names.Length);
        foreach (string name in names)
        {
            int mark = _writer.Open();
            _writer.U8(4);
            _writer.Bytes(System.Text.Encoding.ASCII.GetBytes(name));
            _writer.Raw(new byte[10]);
            _writer.Close(mark);
        }

        return _store.Store(_writer.Written);
    }

    private ChunkId Node(params (ChunkId Id, string First)[] children)
    {
        _writer.Clear();
        _writer.Raw([2, 1]);
        _writer.VarInt((uint)children.Length);
        foreach ((ChunkId id, string first) in children)
        {
            _writer.Id32(id.Value);
            _writer.Bytes(System.Text.Encoding.ASCII.GetBytes(first));
        }

        return _store.Store(_writer.Written);
    }

    private int Count(ChunkId tree)
    {
        var table = new EntryTable();
        TreeReader.Read(tree, _store.Fetch, table);
        return table.Count;
    }

    [Fact]
    public void Trees_put_together_well_are_read()
    {
        Assert.Equal(2, Count(Leaf("a", "b")));
        Assert.Equal(3, Count(Node((Leaf("a", "b"), "a"), (Leaf("c"), "c"))));
        Assert.Equal(2, Count(Node((Node((Leaf("a"), "a")), "a"), (Node((Leaf("c"), "c")), "c"))));
    }

    [Theory]
    [InlineData(0xFFFF_FFFEu, 0xFFFF_FFFEu, false)]
    [InlineData(0xFFFF_FFFFu, 0u, true)]
    [InlineData(0u, 0xFFFF_FFFFu, true)]
    public void An_owner_that_means_keep_it_to_the_system_is_damage(uint uid, uint gid, bool damaged)
    {
        _writer.Clear();
        _writer.Raw([1, 1, 0, 0]);
        _writer.VarInt(1);
        int mark = _writer.Open();
        _writer.U8(4);
        _writer.Bytes("fifo"u8);
        _writer.VarInt(0);
        _writer.VarInt(uid);
        _writer.VarInt(gid);
        _writer.Raw(new byte[7]);
        _writer.Close(mark);
        ChunkId leaf = _store.Store(_writer.Written);
        if (damaged) { DamagedBytes.Is(() => Count(leaf)); }
        else { Assert.Equal(1, Count(leaf)); }
    }

    [Theory]
    [InlineData("user.a", false)]
    [InlineData("", true)]
    [InlineData("user.a\0b", true)]
    [InlineData("\0", true)]
    public void An_extended_attribute_whose_name_the_system_cannot_have_is_damage(string name, bool damaged)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(name);
        _writer.Clear();
        _writer.VarInt(DetailTag.Xattr);
        int mark = _writer.Open();
        _writer.Bytes(bytes);
        _writer.Raw([1]);
        _writer.Close(mark);
        byte[] details = _writer.Written.ToArray();
        if (damaged)
        {
            DamagedBytes.Is(() => DetailsCodec.Decode(details));
            Assert.Throws<ArgumentException>(() => new DetailsWriter(new ByteWriter(16)).Xattr(bytes, [1]));
        }
        else { Assert.Equal(bytes, DetailsCodec.Decode(details).Xattrs[0].Name); }
    }

    [Fact]
    public void Names_that_do_not_ascend_are_damage()
    {
        DamagedBytes.Is(() => Count(Leaf("b", "a")));
        DamagedBytes.Is(() => Count(Leaf("a", "a")));
        DamagedBytes.Is(() => Count(Node((Leaf("a", "c"), "a"), (Leaf("c", "d"), "c"))));
        DamagedBytes.Is(() => Count(Node((Leaf("a", "z"), "a"), (Leaf("c", "d"), "c"))));
        DamagedBytes.Is(() => Count(Node((Leaf("c"), "c"), (Leaf("a"), "a"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/")]
    [InlineData("a/b")]
    [InlineData("a\0")]
    public void A_name_that_is_none_is_damage(string name) => DamagedBytes.Is(() => Count(Leaf(name)));

    [Fact]
    public void A_child_that_is_not_what_its_node_declares_is_damage()
    {
        DamagedBytes.Is(() => Count(Node((Leaf("b"), "a"))));
        DamagedBytes.Is(() => Count(Node((Node((Leaf("b"), "b")), "a"))));
        DamagedBytes.Is(() => Count(Node((Leaf(), "a"))));
        DamagedBytes.Is(() => Count(Node((Leaf(), ""))));
        DamagedBytes.Is(() => Count(Node()));
        DamagedBytes.Is(() => Count(Node((Leaf("a"), "a"), (Node((Leaf("b"), "b")), "b"))));
    }

    [Fact]
    public void A_tree_without_end_is_damage()
    {
        ChunkId id = Leaf("a");
        for (int i = 0; i < 7; i++) { id = Node((id, "a")); }
        Assert.Equal(1, Count(id));
        id = Node((id, "a"));
        DamagedBytes.Is(() => Count(id));
        DamagedBytes.Is(() => TreeReader.TryFind(id, "a"u8, _store.Fetch, new EntryTable()));

        // A node that holds itself.
        byte[] loop = [2, 1, 1, .. Some.Id(1).Value.ToArray(), 1, (byte)'a'];
        DamagedBytes.Is(() => TreeReader.Read(Some.Id(1), _ => loop, new EntryTable()));
        DamagedBytes.Is(() => TreeReader.TryFind(Some.Id(1), "a"u8, _ => loop, new EntryTable()));
    }

    [Fact]
    public void A_visitor_that_stops_early_hides_no_damage()
    {
        ChunkId id = Node((Leaf("a", "z"), "a"), (Leaf("c", "d"), "c"));
        DamagedBytes.Is(() => TreeReader.ForEachLeaf(id, _store.Fetch, (ChunkId _, ref TreeLeafReader _) => { }));
    }

    [Fact]
    public void A_directory_without_a_tree_is_damage()
    {
        byte[] chunk = [1, 1, 0, 0, 1, 13, 2, 1, (byte)'a', .. new byte[10]];
        DamagedBytes.Is(() => TreeReader.Read(default, _ => chunk, new EntryTable()));
        chunk[6] = 3;
        TreeReader.Read(default, _ => chunk, new EntryTable());
    }

    [Fact]
    public void Other_meta_chunks_are_no_trees()
    {
        foreach (byte kind in (byte[])[0, 3, 4, 5, 6, 255])
        {
            byte[] chunk = [kind, 1, 0, 0, 0];
            DamagedBytes.Is(() => TreeReader.Read(default, _ => chunk, new EntryTable()));
        }

        DamagedBytes.Is(() => TreeReader.Read(default, _ => new byte[] { 1, 2, 0, 0, 0 }, new EntryTable()));
        DamagedBytes.Is(() => TreeReader.Read(default, _ => default, new EntryTable()));
    }

    [Fact]
    public void Damaged_leaves_and_nodes_never_crash()
    {
        EntryTable entries = Entries.Random(new Random(41), 40);
        var writer = new TreeWriter(_store.Store, _store);
        writer.Begin();
        for (int i = 0; i < entries.Count; i++) { writer.Add(entries.Name(i), entries.Stat(i), entries.Flags(i), entries.Details(i)); }
        byte[] leaf = _store.Chunks[writer.Finish()];
        void Use(byte[] bytes)
        {
            TreeReader.ForEachLeaf(default, _ => bytes, (ChunkId _, ref TreeLeafReader l) =>
            {
                while (l.MoveNext())
                {
                    l.UserName(l.Stat.Uid);
                    l.GroupName(l.Stat.Gid);
                    DetailsCodec.Decode(l.Details);
                }
            });
        }

        DamagedBytes.Survives(leaf, Use, 5000);
        DamagedBytes.RejectsTruncation(leaf, Use);

        byte[] node = _store.Chunks[Node((Leaf("a", "b"), "a"), (Leaf("c"), "c"))];
        void UseNode(byte[] bytes)
        {
            TreeReader.Read(Some.Id(7), id => id == Some.Id(7) ? bytes : _store.Fetch(id), new EntryTable());
            TreeReader.TryFind(Some.Id(7), "c"u8, id => id == Some.Id(7) ? bytes : _store.Fetch(id), new EntryTable());
        }

        DamagedBytes.Survives(node, UseNode);
        DamagedBytes.RejectsTruncation(node, UseNode);
    }

    [Fact]
    public void A_count_beyond_the_chunk_allocates_nothing()
    {
        byte[] chunk = [1, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0];
        byte[] users = [1, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0];
        long allocated = Allocations.Of(() =>
        {
            DamagedBytes.Is(() => new TreeLeafReader(chunk).MoveNext());
            DamagedBytes.Is(() => new TreeLeafReader(users).MoveNext());
        });

        // Two exceptions with their traces take some 10 KB; room for what the counts say would be gigabytes.
        Assert.InRange(allocated, 0, 10_000_000);
    }
}
