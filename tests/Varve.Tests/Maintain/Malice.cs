using System.Security.Cryptography;
using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Vault;

namespace Varve.Tests.Maintain;

/// <summary>Somebody who has the full key and writes what no writer of ours would: authentic, and hostile.</summary>
internal sealed class Malice(Repository repository)
{
    private readonly List<PackContents> _packs = [];

    /// <summary>What snapshots say of themselves; unless a test says otherwise, more than they hold.</summary>
    public SnapshotCounts Counts { get; set; } = new() { Files = 1000, Directories = 1000, Bytes = 1L << 61 };

    /// <summary>Which source snapshots say they are of.</summary>
    public Bytes32 SourceId { get; set; } = Some.Name(1).Value;

    /// <summary>Stores chunks, one block each, in a pack of their own; meta chunks unless said otherwise. The ids.</summary>
    public ChunkId Put(byte[] chunk, PackKind kind = PackKind.Meta)
    {
        ChunkId id = repository.Hasher.Compute(chunk);
        PutAs(id, chunk, kind);
        return id;
    }

    /// <summary>Stores a chunk under an id that is not its own.</summary>
    public void PutAs(ChunkId id, byte[] chunk, PackKind kind) =>
        PutBlock(chunk, (uint)chunk.Length, Codec.Raw, [new PackedChunk(id, (uint)chunk.Length)], kind);

    /// <summary>Stores a block as it is.</summary>
    public ObjectName PutBlock(byte[] payload, uint rawLength, Codec codec, PackedChunk[] chunks, PackKind kind = PackKind.Data)
    {
        using PackSealer sealer = repository.Content.NewPack(kind);
        var pack = new PackBuilder();
        pack.Begin(kind, sealer.Header.Span);
        int stored = payload.Length + PackSealer.BlockOverhead;
        sealer.SealBlock(0, codec, rawLength, payload, pack.Reserve(stored));
        pack.Commit(stored, rawLength, codec, chunks.AsSpan());
        pack.Finish(repository.Objects.Seal(ObjectType.Footer, sealer.Header.Span, pack.EncodeFooter()));
        var name = new ObjectName(SHA256.HashData(pack.Bytes.Span));
        repository.Store.Put(ObjectKeys.Pack(name), pack.Bytes.Span);
        _packs.Add(pack.ToContents(name));
        return name;
    }

    /// <summary>A leaf of raw entries, in their order.</summary>
    public ChunkId Leaf(params byte[][] entries)
    {
        var writer = new ByteWriter();
        writer.Raw([1, 1, 0, 0]);
        writer.VarInt((ulong)entries.Length);
        foreach (byte[] entry in entries) { writer.Raw(entry); }
        return Put(writer.ToArray());
    }

    /// <summary>The same, where user 5,555 was called daemon and group 5,556 users.</summary>
    public ChunkId OwnedLeaf(byte[] entry) =>
        Put([1, 1, 1, 0xB3, 0x2B, 6, .. "daemon"u8, 1, 0xB4, 0x2B, 5, .. "users"u8, 1, .. entry]);

    /// <summary>An entry as docs/format.md has it, whatever its name.</summary>
    public static byte[] Entry(EntryKind kind, string name, ulong size, params (ulong Tag, byte[] Value)[] details) =>
        Entry(kind, name, 0, 0, size, 0, details);

    /// <summary>An entry of somebody.</summary>
    public static byte[] OwnedEntry(EntryKind kind, string name, uint uid, uint gid, params (ulong Tag, byte[] Value)[] details) =>
        Entry(kind, name, uid, gid, 0, 0, details);

    /// <summary>An empty file that never held still.</summary>
    public static byte[] Torn(string name) => Entry(EntryKind.File, name, 0, 0, 0, (ulong)EntryFlags.Torn, []);

    private static byte[] Entry(
        EntryKind kind, string name, uint uid, uint gid, ulong size, ulong flags, (ulong Tag, byte[] Value)[] details)
    {
        var body = new ByteWriter();
        body.U8((byte)kind);
        body.Bytes(Encoding.Latin1.GetBytes(name));
        foreach (ulong number in (ulong[])[0x1FF, uid, gid, size]) { body.VarInt(number); }
        body.Time(new FileTime(1_000_000_000, 0));
        body.Time(new FileTime(1_000_000_000, 0));
        body.VarInt(1);
        body.VarInt(flags);
        foreach ((ulong tag, byte[] value) in details) { body.Field(tag, value); }
        var entry = new ByteWriter();
        entry.Bytes(body.Written);
        return entry.ToArray();
    }

    /// <summary>A regular file with that content.</summary>
    public byte[] Content(string name, byte[] content, params (ulong Tag, byte[] Value)[] details)
    {
        var extent = new ByteWriter();
        extent.VarInt(0);
        extent.Id32(Put(content, PackKind.Data).Value);
        extent.VarInt(0);
        extent.VarInt((ulong)content.Length);
        return Entry(EntryKind.File, name, (ulong)content.Length, [(1, extent.ToArray()), .. details]);
    }

    public static byte[] Directory(string name, ChunkId tree) => Entry(EntryKind.Directory, name, 0, (3, Id(tree)));

    public static byte[] Symlink(string name, string target, params (ulong Tag, byte[] Value)[] details) =>
        Entry(EntryKind.Symlink, name, (ulong)target.Length, [(4, Encoding.UTF8.GetBytes(target)), .. details]);

    public static (ulong, byte[]) Group(ulong group) => (6, BitConverter.GetBytes(group));

    public static byte[] Id(ChunkId id)
    {
        var writer = new ByteWriter();
        writer.Id32(id.Value);
        return writer.ToArray();
    }

    /// <summary>Makes a snapshot whose root directory has these entries, with an index run of all that was put.</summary>
    public ObjectName Snapshot(params byte[][] entries) => SnapshotOf(Leaf(Directory("root", Leaf(entries))));

    /// <summary>Writes an index run of all that was put.</summary>
    public void Flush()
    {
        repository.Indexes.WriteRun(_packs);
        _packs.Clear();
    }

    /// <summary>Makes a snapshot of a root tree.</summary>
    public ObjectName SnapshotOf(ChunkId rootTree)
    {
        Flush();
        (ObjectName name, byte[] bytes) = repository.SnapshotStore.Seal(new Snapshot
        {
            SourceId = SourceId, Start = new FileTime(1, 0), End = new FileTime(2, 0), RootTree = rootTree,
            Counts = Counts, Program = "malice",
            Private = new SnapshotPrivate
            {
                Source = "s", Host = "h", User = "u", RootPath = "/root"u8.ToArray(),
                CanonicalRoot = "/root"u8.ToArray()
            },
        });
        repository.Store.Put(ObjectKeys.Snapshot(SourceId, name), bytes);
        return name;
    }
}
