using System.Text;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree;
using Varve.Tree.Details;

namespace Varve.Fuzz.Targets;

/// <summary>Trees of leaves and nodes, with the details of their entries.</summary>
internal sealed class TreeTarget : IFuzzTarget
{
    public string Name => "tree";

    public IEnumerable<byte[]> Seeds()
    {
        yield return Leaf(0);
        yield return Leaf(1);
        yield return Leaf(7);
        var chunks = new List<byte[]>();
        var writer = new TreeWriter(chunk =>
        {
            chunks.Add(chunk.ToArray());
            return ChunkBox.Id(chunks.Count);
        }, new Owners());
        writer.Begin();
        for (int i = 0; i < 700; i++) { writer.Add(Encoding.ASCII.GetBytes($"{i:0000}{new string('x', 180)}"), Stat(i), 0, []); }
        writer.Finish();
        yield return ChunkBox.Pack([.. chunks]);
        yield return ChunkBox.Pack([1, 1, 0, 0, 0], [2, 1, 1, .. Id(1), 1, (byte)'a']);
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        var box = new ChunkBox(input);
        if (box.Count == 0) { return; }
        var table = new EntryTable();
        TreeReader.ForEachLeaf(box.Top, box.Fetch, (ChunkId _, ref TreeLeafReader leaf) =>
        {
            while (leaf.MoveNext())
            {
                leaf.UserName(leaf.Stat.Uid);
                leaf.GroupName(leaf.Stat.Gid);
                table.Add(leaf.Name, leaf.Stat, leaf.Details, leaf.Flags);
            }
        });
        for (int i = 0; i < table.Count; i++)
        {
            var found = new EntryTable();
            Same.Require(TreeReader.TryFind(box.Top, table.Name(i), box.Fetch, found), "a name that is listed is not found");
            Details(table.Details(i));
        }

        Again(table);
    }

    private static void Details(ReadOnlySpan<byte> details)
    {
        EntryDetails decoded;
        try { decoded = DetailsCodec.Decode(details); }
        catch (VarveException) { return; }
        Same.Require(DetailsCodec.ChildTree(details) == decoded.ChildTree, "two ways to the child's tree differ");
        Same.Require(DetailsCodec.LinkGroup(details) == decoded.LinkGroup, "two ways to the link group differ");
        var writer = new ByteWriter();
        DetailsCodec.WithChildTree(writer, details, Known.Chunk(1));
        Same.Require(DetailsCodec.ChildTree(writer.Written) == Known.Chunk(1), "a child's tree was not replaced");
        writer.Clear();
        DetailsTrim.WithoutChildTree(writer, details);
        Same.Require(DetailsCodec.ChildTree(writer.Written).IsNone, "a child's tree was not left out");
    }

    private static void Again(EntryTable table)
    {
        var chunks = new List<byte[]>();
        var writer = new TreeWriter(chunk =>
        {
            chunks.Add(chunk.ToArray());
            return ChunkBox.Id(chunks.Count);
        }, new Owners());
        writer.Begin();
        for (int i = 0; i < table.Count; i++)
        {
            if (table.Name(i).Length > EntryName.MaxLength) { return; }
            writer.Add(table.Name(i), table.Stat(i), table.Flags(i), table.Details(i));
        }

        ChunkId top = writer.Finish();
        var again = new EntryTable();
        TreeReader.Read(top, new ChunkBox(ChunkBox.Pack([.. chunks])).Fetch, again);
        Same.Require(again.Count == table.Count, "a tree has another number of entries once written and read again");
        for (int i = 0; i < table.Count; i++)
        {
            Same.Require(again.Name(i), table.Name(i), "a name");
            Same.Require(again.Details(i), table.Details(i), "details");
            bool sized = table.Stat(i).Kind is EntryKind.File or EntryKind.Symlink;
            EntryStat stat = table.Stat(i);
            if (!sized) { stat.Size = 0; }
            Same.Require(again.Stat(i).IsSameState(in stat), "a stat is another once written and read again");
        }
    }

    private static EntryStat Stat(int i) => new()
    {
        Kind = EntryKind.Fifo, Mode = 0x1A4, Uid = (uint)i % 3, Gid = 5, Mtime = new FileTime(i, 1), Ctime = new FileTime(i, 2),
        Inode = (ulong)i,
    };

    private static byte[] Id(int number)
    {
        var writer = new ByteWriter();
        writer.Id32(ChunkBox.Id(number).Value);
        return writer.ToArray();
    }

    /// <summary>A leaf with so many kinds of entries.</summary>
    private static byte[] Leaf(int kinds)
    {
        byte[]? stored = null;
        var writer = new TreeWriter(chunk =>
        {
            stored = chunk.ToArray();
            return ChunkBox.Id(1);
        }, new Owners());
        writer.Begin();
        for (int kind = 1; kind <= kinds; kind++)
        {
            var details = new ByteWriter();
            var fields = new DetailsWriter(details);
            EntryStat stat = Stat(kind);
            stat.Kind = (EntryKind)kind;
            switch (stat.Kind)
            {
                case EntryKind.File:
                    stat.Size = 9;
                    fields.Extents([0, .. Id(9), 0, 4, 1, 5]);
                    break;
                case EntryKind.Directory: fields.ChildTree(ChunkBox.Id(9)); break;
                case EntryKind.Symlink:
                    stat.Size = 1;
                    fields.SymlinkTarget("t"u8);
                    break;
                case EntryKind.CharDevice or EntryKind.BlockDevice: fields.Device(1, 3); break;
                default: break;
            }

            fields.LinkGroup((ulong)kind);
            fields.Xattr("user.a"u8, "1"u8);
            fields.Xattr("user.b"u8, ""u8);
            stat.Birth = new FileTime(4, 4);
            stat.HasBirth = true;
            stat.Attributes = 0x10;
            fields.BirthAndAttributes(in stat);
            writer.Add([(byte)('a' + kind)], in stat, (EntryFlags)(kind & 1), details.Written);
        }

        writer.Finish();
        return ChunkBox.Pack(stored!);
    }

    private sealed class Owners : IOwnerNames
    {
        public ReadOnlySpan<byte> User(uint uid) => uid < 2 ? "root"u8 : [];

        public ReadOnlySpan<byte> Group(uint gid) => "users"u8;
    }
}
