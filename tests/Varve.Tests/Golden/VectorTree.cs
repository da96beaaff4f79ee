using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Seal;
using Varve.Tests.Tree;
using Varve.Tree;
using Varve.Tree.Details;
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
    private readonly ChunkHasher _hasher;
    private readonly ChunkId _root, _failures, _pending;

    internal VectorTree(ChunkHasher hasher)
    {
        _hasher = hasher;
        Directory = Write(false, [.. Entries()]);
        ChunkId directory = Directory;
        _root = Write(true, [new("demo"u8.ToArray(), EntryKind.Directory, new EntryDetails { ChildTree = directory })]);
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
    }

    /// <summary>The tree of the source's root.</summary>
    internal ChunkId Directory { get; }

    /// <summary>All meta chunks.</summary>
    internal IReadOnlyList<byte[]> Chunks => _chunks;

    /// <summary>What the entries of <see cref="Directory"/> say.</summary>
    internal JsonArray Described => [.. Entries().Select(static e => (JsonNode)e.Describe())];

    internal Snapshot Snapshot(byte[] chunkIdKey)
    {
        byte[] source = [.. "varve/1 source"u8, 8, .. "m\u00E4chine"u8, 10, .. "/home/demo"u8];
        return new Snapshot
        {
            SourceId = new Bytes32(HMACSHA256.HashData(chunkIdKey, source)),
            Start = new FileTime(1_764_417_600, 123_456_789),
            End = new FileTime(1_764_417_601, 0),
            IsPartial = true,
            HasFailures = true,
            RootTree = _root,
            Counts = new SnapshotCounts
            {
                Files = 6, Directories = 2, Symlinks = 1, Others = 3, Bytes = 139_000,
                Failed = 2, New = 5, Changed = 4, MetadataOnly = 3, Unchanged = 300, Gone = 2,
                BytesRead = 4_000_000_000, BytesAdded = 5_000, BytesStored = 6_000, Moved = 7, PendingFiles = 2, PendingBytes = 1_000_001,
            },
            Parent = new ObjectName(SHA256.HashData("the snapshot before"u8)),
            Program = "varve vectors",
            Private = new SnapshotPrivate
            {
                Source = "d\u00E9mo", Host = "m\u00E4chine", User = "ada",
                RootPath = "/mnt/snap/demo"u8.ToArray(), CanonicalRoot = "/home/demo"u8.ToArray(),
                FailureList = _failures, PendingList = _pending, Tags = ["nightly", "n\u00E4chtlich"],
            },
        };
    }

    private ChunkId Write(bool root, IReadOnlyList<VectorEntry> entries)
    {
        var tree = new TreeWriter(Store, new VectorOwners());
        tree.Begin(root);
        foreach (VectorEntry entry in entries) { tree.Add(entry.Name, entry.Stat, entry.Flags, DetailsEncoding.Encode(entry.Details)); }

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
        Extent hello = new(_hasher.Compute(Hello), 0, Hello.Length), slice = new(_hasher.Compute(Repeated), 700, 7);
        ChunkId comb = Comb(out long length), empty = Write(false, []);
        yield return new("a link"u8.ToArray(), EntryKind.Symlink, new EntryDetails { SymlinkTarget = "hello"u8.ToArray() })
        { Size = 5, Mode = 0x1FF };
        yield return new("comb"u8.ToArray(), EntryKind.File, new EntryDetails { ExtentList = comb }) { Size = length };
        yield return new("empty"u8.ToArray(), EntryKind.Directory, new EntryDetails { ChildTree = empty, Mount = 0x8000_0000_0000_0001 })
        { Uid = 4_711 };
        yield return new("fifo"u8.ToArray(), EntryKind.Fifo, new EntryDetails());
        yield return new("hello"u8.ToArray(), EntryKind.File, new EntryDetails
        {
            Extents = [hello], Birth = new FileTime(1_700_000_000, 999_999_999), Attributes = 0x40,
            Xattrs = [new Xattr("user.a"u8.ToArray(), [0, 255]), new Xattr("user.empty"u8.ToArray(), [])],
        })
        { Size = Hello.Length, Mode = 0x9ED };
        yield return new("null"u8.ToArray(), EntryKind.CharDevice, new EntryDetails { Device = (1, 300) });
        yield return new("other name"u8.ToArray(), EntryKind.File, new EntryDetails { Extents = [hello], LinkGroup = 77 })
        { Size = Hello.Length };
        yield return new("socket"u8.ToArray(), EntryKind.Socket, new EntryDetails());
        yield return new("torn"u8.ToArray(), EntryKind.File, new EntryDetails { Extents = [Extent.Hole(65_536), slice, Extent.Hole(1)] })
        { Size = 65_544, Flags = EntryFlags.Torn };
        yield return new("twin"u8.ToArray(), EntryKind.File, new EntryDetails { Extents = [hello], LinkGroup = 77 })
        { Size = Hello.Length };
        yield return new([0xFF, 0xFE], EntryKind.File, new EntryDetails());
    }

    /// <summary>65 extents, so that they need a list: slices of a chunk with holes between.</summary>
    private ChunkId Comb(out long length)
    {
        var extents = new ExtentListWriter(Store);
        extents.Begin();
        ChunkId repeated = _hasher.Compute(Repeated);
        for (int i = 0; i < 65; i++) { extents.Add(i % 2 == 0 ? Extent.Hole(4_096) : new Extent(repeated, (uint)i * 10, 10 + i)); }
        length = extents.Length;
        return extents.Finish();
    }
}
