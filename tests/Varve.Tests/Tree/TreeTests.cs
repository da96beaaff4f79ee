using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Tests.Tree;

public sealed class TreeTests
{
    private readonly MetaStore _store = new();

    private ChunkId Write(EntryTable entries) => Write(new TreeWriter(_store.Store, _store), entries);

    private static ChunkId Write(TreeWriter writer, EntryTable entries)
    {
        writer.Begin();
        for (int i = 0; i < entries.Count; i++) { writer.Add(entries.Name(i), entries.Stat(i), entries.Flags(i), entries.Details(i)); }
        Assert.Equal(entries.Count, writer.Count);
        return writer.Finish();
    }

    private static EntryTable Plain(int count, int changed = -1, string format = "file-{0:d8}.txt")
    {
        var table = new EntryTable();
        var details = new ByteWriter();
        for (int i = 0; i < count; i++)
        {
            details.Clear();
            var w = new DetailsWriter(details);
            w.Extents([new Extent(Some.Id(i == changed ? ~i : i), 0, 1000)]);
            var stat = new EntryStat
            {
                Kind = EntryKind.File, Mode = 0x1A4, Uid = 1000, Gid = 1000, Size = 1000,
                Mtime = new FileTime(1_700_000_000 + i, 5), Inode = (ulong)i
            };
            table.Add(System.Text.Encoding.ASCII.GetBytes(string.Format(format, i)), stat, details.Written);
        }

        return table;
    }

    private static void AssertSame(EntryTable expected, EntryTable actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(expected.Name(i).SequenceEqual(actual.Name(i)));
            Assert.True(expected.Details(i).SequenceEqual(actual.Details(i)));
            Assert.Equal(expected.Flags(i), actual.Flags(i));
            Assert.Equal(expected.Stat(i), actual.Stat(i));
        }
    }

    [Fact]
    public void Entries_of_every_sort_come_back_as_they_were()
    {
        var random = new Random(31);
        var writer = new TreeWriter(_store.Store, _store);
        foreach (int count in (int[])[0, 1, 2, 17, 300, 5000])
        {
            EntryTable entries = Entries.Random(random, count), read = new();
            TreeReader.Read(Write(writer, entries), _store.Fetch, read);
            AssertSame(entries, read);
        }
    }

    [Fact]
    public void A_leaf_has_the_bytes_the_format_says()
    {
        byte[]? chunk = null;
        var writer = new TreeWriter(c => { chunk = c.ToArray(); return Some.Id(1); }, _store);
        writer.Begin();
        var stat = new EntryStat
        {
            Kind = EntryKind.Symlink, Mode = 0x1FF, Uid = 1, Gid = 2, Size = 300, Mtime = new FileTime(1, 2),
            Ctime = new FileTime(-2, 3), Inode = 128
        };
        writer.Add("a"u8, stat, EntryFlags.Torn, [4, 1, (byte)'t']);
        stat = new EntryStat { Kind = EntryKind.Fifo, Mode = 0x80000, Uid = 0, Gid = 2, Size = 77 };
        writer.Add("a\u0001"u8, stat, 0, []);
        Assert.Equal(Some.Id(1), writer.Finish());
        byte[] expected =
        [
            1, 1,
            1, 1, 5, .. "user1"u8,
            1, 2, 6, .. "group2"u8,
            2,
            19, 3, 1, (byte)'a', 0xFF, 3, 1, 2, 0xAC, 2, 2, 2, 3, 3, 0x80, 1, 1, 4, 1, (byte)'t',
            14, 4, 2, (byte)'a', 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
        ];
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(chunk!));
    }

    [Fact]
    public void An_empty_directory_is_a_leaf_without_entries()
    {
        ChunkId id = Write(new EntryTable());
        Assert.Equal([1, 1, 0, 0, 0], _store.Chunks[id]);
        var read = new EntryTable();
        TreeReader.Read(id, _store.Fetch, read);
        Assert.Equal(0, read.Count);
        Assert.False(TreeReader.TryFind(id, "a"u8, _store.Fetch, read));
    }

    [Fact]
    public void Owner_names_that_are_known_are_kept()
    {
        var entries = new EntryTable();
        for (int i = 0; i < 9; i++)
        {
            entries.Add([(byte)('a' + i)], new EntryStat { Kind = EntryKind.Fifo, Uid = (uint)(8 - i), Gid = (uint)i });
        }
        var leaf = new TreeLeafReader(_store.Chunks[Write(entries)]);
        for (uint n = 0; n < 12; n++)
        {
            Assert.Equal(n < 9 ? _store.User(n).ToArray() : [], leaf.UserName(n).ToArray());
            Assert.Equal(n < 9 ? _store.Group(n).ToArray() : [], leaf.GroupName(n).ToArray());
        }
    }

    [Fact]
    public void The_owners_of_a_leaf_that_names_250000_of_them_are_found_by_halving()
    {
        const int owners = 250_000, step = 7;
        var leaf = new ByteWriter();
        leaf.Raw([1, 1]);
        for (int section = 0; section < 2; section++)
        {
            leaf.VarInt(owners);
            for (uint i = 0; i < owners; i++)
            {
                leaf.VarInt((i + 1) * step);
                leaf.Text($"u{(i + 1) * step}");
            }
        }

        leaf.VarInt(0);
        var reader = new TreeLeafReader(leaf.Written);
        // One by one this would be 2 * 10^11 steps.
        for (uint i = 0; i <= owners * step + step; i++)
        {
            string expected = i > 0 && i % step == 0 && i <= owners * step ? $"u{i}" : "";
            ReadOnlySpan<byte> name = i % 2 == 0 ? reader.UserName(i) : reader.GroupName(i);
            if (!System.Text.Encoding.ASCII.GetString(name).Equals(expected, StringComparison.Ordinal)) { Assert.Fail($"{i}"); }
        }

        Assert.True(reader.UserName(uint.MaxValue).IsEmpty);
    }

    [Fact]
    public void The_same_entries_give_the_same_tree_whatever_was_written_before()
    {
        EntryTable entries = Entries.Random(new Random(32), 4000);
        ChunkId first = Write(entries);
        var writer = new TreeWriter(_store.Store, _store);
        writer.Begin();
        writer.Add("left over"u8, new EntryStat { Kind = EntryKind.Fifo, Uid = 5 }, 0, []);
        Assert.Equal(first, Write(writer, entries));
        Assert.Equal(first, Write(writer, entries));
    }

    [Fact]
    public void A_million_entries_make_leaves_of_some_64_KiB()
    {
        const int count = 1_000_000;
        int leaves = 0, nodes = 0, largest = 0;
        long bytes = 0;
        var writer = new TreeWriter(
            chunk =>
            {
                ChunkId id = _store.Store(chunk);
                if (MetaChunk.Kind(chunk) == MetaKind.TreeLeaf) { leaves++; } else { nodes++; }
                largest = Math.Max(largest, chunk.Length);
                bytes += chunk.Length;
                return id;
            },
            _store);
        writer.Begin();
        Span<byte> name = stackalloc byte[7];
        for (int i = 0; i < count; i++)
        {
            i.TryFormat(name, out _, "d7");
            writer.Add(name, new EntryStat { Kind = EntryKind.Fifo, Mtime = new FileTime(1_700_000_000, 123_456_789), Inode = (ulong)i }, 0,
                []);
        }

        ChunkId tree = writer.Finish();
        Assert.InRange(leaves, bytes / (80 << 10), bytes / (64 << 10));
        Assert.InRange(nodes, 1, 3);
        Assert.True(largest < 200 << 10);
        int entries = 0, visited = 0;
        TreeReader.ForEachLeaf(tree, _store.Fetch, (ChunkId _, ref TreeLeafReader leaf) =>
        {
            visited++;
            while (leaf.MoveNext()) { entries += leaf.Name.Length == 7 ? 1 : 0; }
        });
        Assert.Equal((count, leaves), (entries, visited));
        var found = new EntryTable();
        Assert.True(TreeReader.TryFind(tree, "0777777"u8, _store.Fetch, found));
        Assert.Equal(777_777u, found.Stat(0).Inode);
    }

    [Fact]
    public void Memory_for_writing_does_not_grow_with_the_directory()
    {
        long allocated = Allocations.Of(static () =>
        {
            var writer = new TreeWriter(static _ => default, new NoNames());
            Span<byte> name = stackalloc byte[7];
            writer.Begin();
            for (int i = 0; i < 1_000_000; i++)
            {
                i.TryFormat(name, out _, "d7");
                writer.Add(name, new EntryStat { Kind = EntryKind.Fifo }, 0, []);
            }

            writer.Finish();
        }, rounds: 2);

        // A writer's buffers are those of a leaf and of a node for each level, some 100 KB together; a byte for each entry would be more
        // than this.
        Assert.InRange(allocated, 1, 1_000_000);
    }

    [Fact]
    public void A_warm_writer_allocates_nothing_for_entries()
    {
        EntryTable entries = Plain(20_000);
        var writer = new TreeWriter(static _ => default, new NoNames());
        Write(writer, entries);

        // What is made once a tree (a closure, an enumerator) is allowed; the smallest object for each of ten entries would be more.
        Assert.InRange(Allocations.Of(() => Write(writer, entries)), 0, 20_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(49_999)]
    [InlineData(99_999)]
    public void Changing_one_entry_of_100_000_rewrites_a_leaf_and_the_nodes_above(int changed)
    {
        Write(Plain(100_000));
        var before = new HashSet<ChunkId>(_store.Chunks.Keys);
        Assert.InRange(before.Count, 50, 200);
        ChunkId tree = Write(Plain(100_000, changed));
        Assert.InRange(_store.Chunks.Keys.Count(id => !before.Contains(id)), 2, 3);
        var read = new EntryTable();
        TreeReader.Read(tree, _store.Fetch, read);
        Assert.Equal(100_000, read.Count);
    }

    [Fact]
    public void Adding_or_removing_one_entry_of_100_000_rewrites_a_few_chunks()
    {
        EntryTable entries = Plain(100_000);
        Write(entries);
        foreach (bool add in (bool[])[true, false])
        {
            var before = new HashSet<ChunkId>(_store.Chunks.Keys);
            var edited = new EntryTable();
            for (int i = 0; i < entries.Count; i++)
            {
                if (add || i != 30_000) { edited.Add(entries.Name(i), entries.Stat(i), entries.Details(i), entries.Flags(i)); }
                if (add && i == 70_000) { edited.Add([.. entries.Name(i), (byte)'~'], entries.Stat(i), entries.Details(i)); }
            }

            Write(edited);
            Assert.InRange(_store.Chunks.Keys.Count(id => !before.Contains(id)), 2, 6);
        }
    }

    [Fact]
    public void Leaves_are_cut_where_the_format_says_and_nowhere_else()
    {
        EntryTable entries = Plain(20_000);
        ChunkId tree = Write(entries);
        var ends = new List<(int Bytes, byte[] Last)>();
        TreeReader.ForEachLeaf(tree, _store.Fetch, (ChunkId id, ref TreeLeafReader leaf) =>
        {
            byte[] chunk = _store.Chunks[id];
            int size = 0, atFirstChance = 0;
            var last = Array.Empty<byte>();
            while (leaf.MoveNext())
            {
                size += 1 + 1 + 1 + leaf.Name.Length + 2 + 2 + 2 + 2 + 6 + 2 + ByteWriter.VarIntLength(leaf.Stat.Inode) + 1
                    + leaf.Details.Length;
                last = leaf.Name.ToArray();
                if (size >= 65536 && (Crc32C.Compute(last) & 63) == 0) { atFirstChance++; }
            }

            ends.Add((size, last));
            Assert.True(atFirstChance <= 1);
            Assert.True(chunk.Length >= size);
        });
        Assert.True(ends.Count > 5);
        Assert.All(ends.SkipLast(1), e => Assert.True(e.Bytes >= 65536 && (Crc32C.Compute(e.Last) & 63) == 0));
    }

    [Fact]
    public void A_leaf_without_a_cut_ends_at_1_MiB()
    {
        // Long details, and only names that do not cut.
        var entries = new EntryTable();
        byte[] details = [4, 0xE8, 7, .. new byte[1000]];
        for (int i = 0; entries.Count < 2500; i++)
        {
            byte[] name = System.Text.Encoding.ASCII.GetBytes($"{i:d8}");
            if ((Crc32C.Compute(name) & 63) != 0) { entries.Add(name, new EntryStat { Kind = EntryKind.Symlink }, details); }
        }

        ChunkId tree = Write(entries);
        Assert.Equal(4, _store.Chunks.Count);
        Assert.InRange(_store.Largest, 1 << 20, (1 << 20) + 1100);
        var read = new EntryTable();
        TreeReader.Read(tree, _store.Fetch, read);
        AssertSame(entries, read);
    }

    [Fact]
    public void Long_names_make_more_levels()
    {
        EntryTable entries = Plain(1500, format: "{0:d8}" + new string('n', 4000));
        for (int i = 0; i < entries.Count; i++) { entries.SetDetails(i, [4, 0xE8, 0xE8, 3, .. new byte[62_568]]); }
        ChunkId tree = Write(entries);
        Assert.Equal(MetaKind.TreeNode, MetaChunk.Kind(_store.Chunks[tree]));
        Assert.True(_store.Chunks.Values.Count(c => MetaChunk.Kind(c) == MetaKind.TreeNode) > 3);
        var read = new EntryTable();
        TreeReader.Read(tree, _store.Fetch, read);
        AssertSame(entries, read);
        for (int i = 0; i < entries.Count; i += 97)
        {
            var found = new EntryTable();
            Assert.True(TreeReader.TryFind(tree, entries.Name(i), _store.Fetch, found));
            Assert.True(found.Name(0).SequenceEqual(entries.Name(i)));
            Assert.False(TreeReader.TryFind(tree, [.. entries.Name(i), 1], _store.Fetch, found));
        }

        Assert.False(TreeReader.TryFind(tree, " "u8, _store.Fetch, new EntryTable()));
    }

    [Fact]
    public void A_root_tree_may_hold_the_root_directory()
    {
        var writer = new TreeWriter(_store.Store, _store);
        byte[] details = [3, 32, .. Some.Id(5).Value.ToArray()];
        var stat = new EntryStat { Kind = EntryKind.Directory };
        writer.Begin(rootTree: true);
        writer.Add("/"u8, stat, 0, details);
        ChunkId id = writer.Finish();
        var read = new EntryTable();
        TreeReader.Read(id, _store.Fetch, read, rootTree: true);
        Assert.Equal("/"u8.ToArray(), read.Name(0).ToArray());
        Assert.Equal(Some.Id(5), DetailsCodec.ChildTree(read.Details(0)));
        DamagedBytes.Is(() => TreeReader.Read(id, _store.Fetch, read));
        DamagedBytes.Is(() => TreeReader.Read(Write(Plain(2)), _store.Fetch, read, rootTree: true));
        writer.Begin(rootTree: true);
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
    }

    [Fact]
    public void The_writer_refuses_what_readers_would_and_goes_on()
    {
        var writer = new TreeWriter(_store.Store, _store);
        writer.Begin();
        var fifo = new EntryStat { Kind = EntryKind.Fifo };
        writer.Add("b"u8, fifo, 0, []);
        foreach (string name in (string[])["b", "a", "", ".", "..", "c/d", "c\0", "/", new string('x', 4097)])
        {
            Assert.Throws<ArgumentException>(() => writer.Add(System.Text.Encoding.ASCII.GetBytes(name), fifo, 0, []));
        }

        Assert.Throws<ArgumentException>(() => writer.Add("c"u8, default, 0, []));
        Assert.Throws<ArgumentException>(() => writer.Add("c"u8, fifo with { Size = -1 }, 0, []));
        Assert.Throws<ArgumentException>(() => writer.Add("c"u8, fifo with { Mtime = new FileTime(0, 1_000_000_000) }, 0, []));
        Assert.Throws<ArgumentException>(() => writer.Add("c"u8, fifo, 0, new byte[TreeWriter.MaxEntry]));
        DamagedBytes.Is(() => writer.Add("c"u8, fifo with { Kind = EntryKind.Directory }, 0, []));
        DamagedBytes.Is(() => writer.Add("c"u8, fifo, 0, [8, 1]));
        writer.Add("c"u8, fifo, 0, []);
        var read = new EntryTable();
        TreeReader.Read(writer.Finish(), _store.Fetch, read);
        Assert.Equal(2, read.Count);
    }

    private sealed class NoNames : IOwnerNames
    {
        public ReadOnlySpan<byte> User(uint uid) => default;

        public ReadOnlySpan<byte> Group(uint gid) => default;
    }
}
