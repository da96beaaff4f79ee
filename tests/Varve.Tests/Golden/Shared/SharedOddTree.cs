using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Tree;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Tests.Golden.Shared;

/// <summary>
/// A snapshot's tree and lists with everything in it that a backup has only on a bad day, and with what a later writer may add: written
/// by the codecs, since the real thing cannot be had on demand.
/// </summary>
internal sealed class SharedOddTree
{
    private readonly List<(byte[] Block, PackedChunk[] Chunks)> _data = [], _meta = [];
    private readonly RunForger _forger;

    internal SharedOddTree(RunForger forger, SessionId session)
    {
        _forger = forger;
        Root = Tree();
        var writer = new ByteWriter();
        FailureList.Encode(writer, s_failures);
        Failures = Put(_meta, writer.Written);
        PendingList.Encode(writer, s_pending);
        Pending = Put(_meta, writer.Written);
        MarkList.Encode(writer, s_rules, s_marks, ruleCount: 3);
        Marks = Put(_meta, writer.Written);
        forger.PutRun([forger.PutPack(PackKind.Data, _data), forger.PutPack(PackKind.Meta, _meta)], session: session);
    }

    internal ChunkId Root { get; }

    internal ChunkId Failures { get; }

    internal ChunkId Pending { get; }

    internal ChunkId Marks { get; }

    /// <summary>What the tree holds, and the lists.</summary>
    internal static SnapshotCounts Counts => new()
    {
        Files = 5, Directories = 2, Bytes = 5 * Content.Length, New = 5, Failed = s_failures.Length,
        PendingFiles = s_pending.Length, PendingBytes = 1_001,
    };

    /// <summary>
    /// What a later writer says in public beside what is known today: how many paths of each reason were left out, one of which nobody
    /// knows, and tags that nobody knows.
    /// </summary>
    internal static byte[] Further =>
        VectorFields.Of((13, [1, 3, 2, 1, 3, 1, 4, 1, 5, 1, 0xC8, 1, 1, 0xFF, 1, 1]), (99, [1]), (99, []));

    private static ReadOnlySpan<byte> Content => "as it stood\n"u8;

    // One of each operation.
    private static readonly Failure[] s_failures =
    [
        new("a"u8.ToArray(), FailedOperation.List, 13, "Permission denied"),
        new("b"u8.ToArray(), FailedOperation.Stat, 5, "Input/output error"),
        new("c"u8.ToArray(), FailedOperation.Open, 13, "Permission denied"),
        new("d"u8.ToArray(), FailedOperation.Read, 5, "Input/output error"),
        new("incomplete"u8.ToArray(), FailedOperation.Metadata, 5, "Input/output error"),
        new("torn"u8.ToArray(), FailedOperation.Changed, 0, "never held still"),
    ];

    private static readonly PendingFile[] s_pending =
        [new("later"u8.ToArray(), 1_000, new FileTime(1_700_000_000, 1)), new([0xFF], 1, new FileTime(-1, 0))];

    private static readonly ExcludeRule[] s_rules = [new("*.bak", RuleOrigin.Option), new("/srv/photos/raw", (RuleOrigin)9)];

    // One of each reason, and one that nobody knows today.
    private static readonly Mark[] s_marks =
    [
        new("cache"u8.ToArray(), LeftOutReason.OwnDirectory),
        new("entered"u8.ToArray(), LeftOutReason.NotEntered),
        new("far"u8.ToArray(), LeftOutReason.OtherFileSystem),
        new("future"u8.ToArray(), (LeftOutReason)200),
        new("odd"u8.ToArray(), LeftOutReason.KindNotStored),
        new("other"u8.ToArray(), LeftOutReason.Other),
        new("raw"u8.ToArray(), LeftOutReason.Excluded, 2),
        new("x.bak"u8.ToArray(), LeftOutReason.Excluded, 1),
    ];

    private ChunkId Tree()
    {
        Extent content = new(Put(_data, Content), 0, Content.Length);
        VectorEntry File(string name, EntryFlags flags) =>
            new(System.Text.Encoding.ASCII.GetBytes(name), EntryKind.File, new EntryDetails { Extents = [content] })
            { Size = Content.Length, Flags = flags, Mode = 0x1A4, Uid = 0 };
        ChunkId below = Write(false, [], []);
        ChunkId directory = Write(false,
        [
            new("entered"u8.ToArray(), EntryKind.Directory, new EntryDetails { ChildTree = below, Mount = 0x8000_0000_0000_0001 })
            { Mode = 0x1ED, Uid = 0 },
            File("incomplete", EntryFlags.Incomplete), File("moving", EntryFlags.Moving), File("quiet", EntryFlags.None),
            File("torn", EntryFlags.Torn), File("unknown", (EntryFlags)0x4000_0010),
        ], [99, 1, 7, 99, 0]);
        return Write(true, [new("photos"u8.ToArray(), EntryKind.Directory, new EntryDetails { ChildTree = directory })
            { Mode = 0x1ED, Uid = 0 }], []);
    }

    /// <param name="root">Whether it is the root tree.</param>
    /// <param name="entries">By name.</param>
    /// <param name="further">Details of a later writer, after those of each entry.</param>
    private ChunkId Write(bool root, IReadOnlyList<VectorEntry> entries, byte[] further)
    {
        var tree = new TreeWriter(chunk => Put(_meta, chunk), new VectorOwners());
        tree.Begin(root);
        foreach (VectorEntry entry in entries)
        {
            tree.Add(entry.Name, entry.Stat, entry.Flags, [.. DetailsEncoding.Encode(entry.Details), .. further]);
        }

        return tree.Finish();
    }

    private ChunkId Put(List<(byte[], PackedChunk[])> blocks, ReadOnlySpan<byte> chunk)
    {
        ChunkId id = _forger.Hasher.Compute(chunk);
        blocks.Add((chunk.ToArray(), [new PackedChunk(id, (uint)chunk.Length)]));
        return id;
    }
}
