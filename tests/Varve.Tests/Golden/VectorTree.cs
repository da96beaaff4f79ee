using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;
using Varve.Seal;
using Varve.Tests.Tree;
using Varve.Tree;
using Varve.Tree.Lists;

namespace Varve.Tests.Golden;

/// <summary>The tree of docs/vectors.json: one directory with an entry of each kind, and the lists beside it.</summary>
internal sealed class VectorTree
{
    /// <summary>The content of a small file.</summary>
    internal static readonly byte[] Hello = "Hello, Varve!\n"u8.ToArray();

    /// <summary>Content that compresses.</summary>
    internal static readonly byte[] Repeated =
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 400).Select(static i => $"line {i % 10}\n")));

    private readonly List<byte[]> _chunks = [];
    private readonly List<VectorEntry> _written = [];
    private readonly ChunkHasher _hasher;
    private readonly ChunkId _root, _failures, _pending, _marks;
    private readonly VectorEntry[] _entries;
    private readonly VectorLists _lists;
    private JsonObject _node = [];

    internal VectorTree(ChunkHasher hasher)
    {
        _hasher = hasher;
        _lists = new VectorLists(Store);
        _entries = [.. Entries()];
        Directory = Write(false, _entries);
        _root = Write(true, [new("demo"u8.ToArray(), EntryKind.Directory, new EntryDetails { ChildTree = Directory }) { Mode = 0x1ED }]);
        var writer = new ByteWriter();
        Failure[] failures =
        [
            new("secret"u8.ToArray(), FailedOperation.Open, 13, "Permission denied"),
            new("torn"u8.ToArray(), FailedOperation.Changed, 0, "never held still"),
        ];
        FailureList.Encode(writer, failures);
        _failures = Store(writer.Written);
        PendingFile[] pending =
        [
            new([0xFF, (byte)'/', (byte)'b'], 1_000_000, new FileTime(1_764_000_000, 1)),
            new("a"u8.ToArray(), 1, new FileTime(-1, 0)),
        ];
        PendingList.Encode(writer, pending);
        _pending = Store(writer.Written);
        ExcludeRule[] rules = [new("*.o", RuleOrigin.Configuration), new("/home/demo/tm\u00FC/", RuleOrigin.Option)];
        Mark[] marks =
        [
            new("empty"u8.ToArray(), LeftOutReason.NotEntered),
            new("repository"u8.ToArray(), LeftOutReason.OwnDirectory),
            new("split/a.o"u8.ToArray(), LeftOutReason.Excluded, 1),
            new([.. "tm"u8, 0xC3, 0xBC], LeftOutReason.Excluded, 2),
            new([0xFF, (byte)'/', (byte)'c'], LeftOutReason.OtherFileSystem),
        ];
        MarkList.Encode(writer, rules, marks);
        _marks = Store(writer.Written);
    }

    /// <summary>The tree of the source's root.</summary>
    internal ChunkId Directory { get; }

    /// <summary>All meta chunks.</summary>
    internal IReadOnlyList<byte[]> Chunks => _chunks;

    /// <summary>The leaf that <see cref="Directory"/> is: its owners' names and its entries.</summary>
    internal JsonObject DescribedLeaf => new()
    {
        ["id"] = Directory.ToString(),
        ["users"] = Owners((0, "root"), (1_000, "ada")),
        ["groups"] = Owners((1_000, "users")),
        ["entries"] = new JsonArray([.. _entries.Select(static e => (JsonNode)e.Describe())]),
    };

    /// <summary>The node that the tree of the entry <c>split</c> is.</summary>
    internal JsonObject DescribedNode => _node;

    internal JsonArray DescribedLists => _lists.Described;

    /// <summary>The snapshot; its counts are those of the tree, or could be true.</summary>
    internal Snapshot Snapshot(byte[] chunkIdKey, long added, long stored)
    {
        byte[] source = [.. "varve/1 source"u8, 8, .. "m\u00E4chine"u8, 10, .. "/home/demo"u8];
        int Count(params EntryKind[] kinds) => _written.Count(e => kinds.Contains(e.Kind));
        int all = _written.Count - Count(EntryKind.Directory), split = 3;
        return new Snapshot
        {
            SourceId = new Bytes32(HMACSHA256.HashData(chunkIdKey, source)),
            Start = new FileTime(1_764_417_600, 123_456_789),
            End = new FileTime(1_764_417_601, 0),
            IsPartial = true,
            HasFailures = true,
            FlagsMoving = true,
            RootTree = _root,
            Counts = new SnapshotCounts
            {
                Files = Count(EntryKind.File), Directories = Count(EntryKind.Directory), Symlinks = Count(EntryKind.Symlink),
                Others = Count(EntryKind.Fifo, EntryKind.Socket, EntryKind.CharDevice, EntryKind.BlockDevice),
                Bytes = _written.Where(static e => e.Kind == EntryKind.File).Sum(static e => e.Size),
                Failed = 2, New = 5, Changed = 2, MetadataOnly = 1, Unchanged = all - 8, Gone = 2,
                BytesRead = 2_000, BytesAdded = added, BytesStored = stored, Moved = split, PendingFiles = 2, PendingBytes = 1_000_001,
                LeftOut = new LeftOutCounts { Excluded = 300, NotEntered = 1, OtherFileSystems = 1, OwnDirectories = 1 },
            },
            Parent = new ObjectName(SHA256.HashData("the snapshot before"u8)),
            Program = "varve vectors",
            Private = new SnapshotPrivate
            {
                Source = "d\u00E9mo", Host = "m\u00E4chine", User = "ada",
                RootPath = "/mnt/snap/demo"u8.ToArray(), CanonicalRoot = "/home/demo"u8.ToArray(),
                FailureList = _failures, PendingList = _pending, MarkList = _marks, Tags = ["nightly", "n\u00E4chtlich"],
                FurtherRoots = ["/mnt/photos"u8.ToArray(), "/mnt/music"u8.ToArray()],
                Removable = [new("photos"u8.ToArray(), "3F1B-22AA", IsThere: true), new("music"u8.ToArray(), "", IsThere: false)],
                Clocks = [new(0, new FileTime(1_764_417_599, 7)), new(0x8000_0000_0000_0001, new FileTime(-1, 500_000_000))],
            },
        };
    }

    private ChunkId Write(bool root, IReadOnlyList<VectorEntry> entries)
    {
        var tree = new TreeWriter(Store, new VectorOwners());
        tree.Begin(root);
        foreach (VectorEntry entry in entries) { tree.Add(entry.Name, entry.Stat, entry.Flags, DetailsEncoding.Encode(entry.Details)); }
        _written.AddRange(entries);
        return tree.Finish();
    }

    private ChunkId Store(ReadOnlySpan<byte> chunk)
    {
        byte[] bytes = chunk.ToArray();
        if (!_chunks.Any(c => c.AsSpan().SequenceEqual(bytes))) { _chunks.Add(bytes); }
        return _hasher.Compute(bytes);
    }

    private IEnumerable<VectorEntry> Entries()
    {
        ChunkId repeated = _hasher.Compute(Repeated);
        Extent hello = new(_hasher.Compute(Hello), 0, Hello.Length), slice = new(repeated, 700, 7);
        ChunkId comb = _lists.Comb(repeated, out long combed), nodes = _lists.Nodes(repeated, out long listed), empty = Write(false, []);
        yield return new("a link"u8.ToArray(), EntryKind.Symlink, new EntryDetails { SymlinkTarget = "hello"u8.ToArray() })
        { Size = 5, Mode = 0x1FF };
        yield return new("block"u8.ToArray(), EntryKind.BlockDevice, new EntryDetails { Device = (7, 0) }) { Mode = 0x1B0, Uid = 0 };
        yield return new("comb"u8.ToArray(), EntryKind.File, new EntryDetails { ExtentList = comb }) { Size = combed };
        yield return new("empty"u8.ToArray(), EntryKind.Directory, new EntryDetails { ChildTree = empty, Mount = 0x8000_0000_0000_0001 })
        { Uid = 4_711, Mode = 0x3FF };
        yield return new("fifo"u8.ToArray(), EntryKind.Fifo, new EntryDetails());
        yield return new("hello"u8.ToArray(), EntryKind.File, new EntryDetails
        {
            Extents = [hello], Birth = new FileTime(1_700_000_000, 999_999_999), Attributes = 0x40,
            Xattrs = [new Xattr("user.a"u8.ToArray(), [0, 255]), new Xattr("user.empty"u8.ToArray(), [])],
        })
        { Size = Hello.Length, Mode = 0x9ED };
        yield return new("moving"u8.ToArray(), EntryKind.File, new EntryDetails { Extents = [hello] })
        { Size = Hello.Length, Flags = EntryFlags.Moving };
        yield return new("nodes"u8.ToArray(), EntryKind.File, new EntryDetails { ExtentList = nodes }) { Size = listed };
        yield return new("null"u8.ToArray(), EntryKind.CharDevice, new EntryDetails { Device = (1, 300) });
        yield return Twin("other name", hello);
        yield return new("socket"u8.ToArray(), EntryKind.Socket, new EntryDetails());
        yield return new("split"u8.ToArray(), EntryKind.Directory, new EntryDetails { ChildTree = Split() }) { Mode = 0x1ED };
        yield return new("torn"u8.ToArray(), EntryKind.File, new EntryDetails { Extents = [Extent.Hole(65_536), slice, Extent.Hole(1)] })
        { Size = 65_544, Flags = EntryFlags.Torn };
        yield return Twin("twin", hello);
        yield return new([0xFF, 0xFE], EntryKind.File, new EntryDetails());
    }

    /// <summary>Equal to the other but for the name; the file system is that of the root, so that the group is the inode number.</summary>
    private static VectorEntry Twin(string name, Extent extent) =>
        new(Encoding.UTF8.GetBytes(name), EntryKind.File, new EntryDetails { Extents = [extent], LinkGroup = 1_120 })
        { Size = extent.Length, Inode = 1_120 };

    private ChunkId Split()
    {
        ChunkId first = Write(false, [Empty("a"), Empty("b")]), second = Write(false, [Empty("c")]);
        return _lists.TreeNode(out _node, (first, "a"), (second, "c"));
    }

    private static VectorEntry Empty(string name) => new(Encoding.UTF8.GetBytes(name), EntryKind.File, new EntryDetails());

    private static JsonArray Owners(params (uint Number, string Name)[] owners) =>
        [.. owners.Select(static o => (JsonNode)new JsonObject { ["number"] = o.Number, ["name"] = o.Name })];
}
