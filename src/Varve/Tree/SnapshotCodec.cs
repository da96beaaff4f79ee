using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Model.Bytes;
using Varve.Tree.Lists;

namespace Varve.Tree;

/// <summary>
/// The plaintexts of snapshots (docs/format.md, 9): the public part and the private part. Sealing is done elsewhere. Stateless,
/// thread-safe. Bytes that make no sense throw <see cref="ErrorKind.Damaged"/>, without a name.
/// </summary>
internal static class SnapshotCodec
{
    private const int SourceId = 1, Start = 2, End = 3, Flags = 4, RootTree = 5, Counts = 6, Parent = 7, Program = 8, Moved = 9,
        Pending = 10, Generation = 11, SessionTag = 12, LeftOut = 13;
    private const int Source = 1, Host = 2, User = 3, RootPath = 4, CanonicalRoot = 5, FailureListId = 6, TagText = 7, PendingListId = 8,
        FurtherRoot = 9, Clock = 10, Removable = 11, MarkListId = 12, Places = 13;
    private const uint PartialBit = 1, FailuresBit = 2, FlagsMovingBit = 4;
    private const ulong PublicSingle = (1 << 14) - 2, PrivateSingle = (1 << 9) - 2 - (1 << TagText) | 1 << MarkListId | 1 << Places;

    private static readonly Subject s_what = Subject.PartOnly("the content");

    /// <summary>The public part. <see cref="Snapshot.Private"/> is not looked at.</summary>
    public static byte[] EncodePublic(Snapshot snapshot)
    {
        var writer = new ByteWriter();
        var fields = new FieldWriter(writer, PublicSingle);
        fields.Id(SourceId, snapshot.SourceId);
        fields.Time(Start, snapshot.Start);
        fields.Time(End, snapshot.End);
        fields.Numbers(Flags, (snapshot.IsPartial ? PartialBit : 0) | (snapshot.HasFailures ? FailuresBit : 0)
            | (snapshot.FlagsMoving ? FlagsMovingBit : 0));
        fields.Id(RootTree, snapshot.RootTree.Value);
        SnapshotCounts c = snapshot.Counts;
        ReadOnlySpan<long> counts =
        [
            c.Files, c.Directories, c.Symlinks, c.Others, c.Bytes, c.Failed, c.New, c.Changed, c.MetadataOnly, c.Unchanged, c.Gone,
            c.BytesRead, c.BytesAdded, c.BytesStored,
        ];
        fields.Numbers(Counts, counts);
        if (!snapshot.Parent.IsNone) { fields.Id(Parent, snapshot.Parent.Value); }
        fields.Text(Program, snapshot.Program);
        if (c.Moved > 0) { fields.Numbers(Moved, c.Moved); }
        if (c.PendingFiles > 0) { fields.Numbers(Pending, c.PendingFiles, c.PendingBytes); }
        if (snapshot.Generation > 0) { fields.Numbers(Generation, snapshot.Generation); }
        if (snapshot.Session != default) { fields.Bytes(SessionTag, snapshot.Session.ToArray()); }
        if (c.LeftOut is { } leftOut) { fields.Numbers(LeftOut, LeftOutCodec.Encode(leftOut)); }
        return writer.ToArray();
    }

    /// <summary>The private part, to be sealed to the public key with the public part as associated data.</summary>
    public static byte[] EncodePrivate(SnapshotPrivate part)
    {
        var writer = new ByteWriter();
        var fields = new FieldWriter(writer, PrivateSingle);
        fields.Text(Source, part.Source);
        fields.Text(Host, part.Host);
        fields.Text(User, part.User);
        fields.Bytes(RootPath, part.RootPath);
        fields.Bytes(CanonicalRoot, part.CanonicalRoot);
        if (!part.FailureList.IsNone) { fields.Id(FailureListId, part.FailureList.Value); }
        foreach (string tag in part.Tags) { fields.Text(TagText, tag); }
        if (!part.PendingList.IsNone) { fields.Id(PendingListId, part.PendingList.Value); }
        foreach (byte[] root in part.FurtherRoots) { fields.Bytes(FurtherRoot, root); }
        foreach (FileSystemClock clock in part.Clocks ?? [])
        {
            int mark = fields.Open(Clock);
            writer.U64(clock.MountKey);
            writer.Time(clock.Time);
            fields.Close(mark);
        }

        foreach (RemovableRoot root in part.Removable)
        {
            int mark = fields.Open(Removable);
            writer.Bytes(root.Below);
            writer.Text(root.FileSystem);
            writer.U8(root.IsThere ? (byte)1 : (byte)0);
            fields.Close(mark);
        }

        if (!part.MarkList.IsNone) { fields.Id(MarkListId, part.MarkList.Value); }
        if (part.RulePlaces.Length > 0) { fields.Bytes(Places, part.RulePlaces); }
        return writer.ToArray();
    }

    /// <summary>Decodes the public part; <see cref="Snapshot.Private"/> is null.</summary>
    public static Snapshot ParsePublic(ReadOnlySpan<byte> publicPart)
    {
        Bytes32 source = default;
        FileTime start = default, end = default;
        uint flags = 0;
        ChunkId tree = default;
        SnapshotCounts? counts = null;
        ObjectName parent = default;
        string program = "";
        long moved = 0, pendingFiles = 0, pendingBytes = 0, generation = 0;
        SessionId session = default;
        LeftOutCounts? leftOut = null;
        ulong seen = 0;
        var fields = new FieldReader(publicPart, s_what, PublicSingle);
        while (fields.MoveNext())
        {
            seen |= fields.Tag < 64 ? 1UL << (int)fields.Tag : 0;
            switch (fields.Tag)
            {
                case SourceId: source = fields.ChunkId().Value; break;
                case Start: start = fields.Time(); break;
                case End: end = fields.Time(); break;
                case Flags: flags = fields.VarInt32(); break;
                case RootTree: tree = fields.ChunkId(); break;
                case Counts: counts = ReadCounts(fields.Value, s_what); break;
                case Parent: parent = fields.ObjectName(); break;
                case Program: program = fields.Text(); break;
                case Moved: ReadNumbers(fields.Value, s_what, ref moved); break;
                case Pending: ReadNumbers(fields.Value, s_what, ref pendingFiles, ref pendingBytes); break;
                case Generation: ReadNumbers(fields.Value, s_what, ref generation); break;
                case SessionTag when fields.Value.Length == SessionId.Size: session = new SessionId(fields.Value); break;
                case SessionTag: throw fields.Damaged();
                case LeftOut: leftOut = LeftOutCodec.Decode(fields.Value, s_what); break;
                default: break;
            }
        }

        const ulong needed = 1 << SourceId | 1 << Start | 1 << End | 1 << RootTree | 1 << Counts;
        if ((seen & needed) != needed || counts == null) { throw VarveException.Damaged(s_what, "a field is missing"); }
        if (source.IsZero) { throw VarveException.Damaged(s_what, "it is of no source"); }
        return new Snapshot
        {
            SourceId = source,
            Start = start,
            End = end,
            IsPartial = (flags & PartialBit) != 0,
            HasFailures = (flags & FailuresBit) != 0,
            FlagsMoving = (flags & FlagsMovingBit) != 0,
            RootTree = tree,
            Counts = counts with { Moved = moved, PendingFiles = pendingFiles, PendingBytes = pendingBytes, LeftOut = leftOut },
            Parent = parent,
            Program = program,
            Generation = generation,
            Session = session,
        };
    }

    /// <summary>Decodes the private part once it is opened.</summary>
    public static SnapshotPrivate ParsePrivate(ReadOnlySpan<byte> privatePart)
    {
        string source = "", host = "", user = "";
        byte[]? root = null, canonical = null, places = null;
        ChunkId failures = default, pending = default, marks = default;
        List<string> tags = [];
        List<byte[]> further = [];
        List<RemovableRoot> removable = [];
        List<FileSystemClock>? clocks = null;
        var fields = new FieldReader(privatePart, s_what, PrivateSingle);
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case Source: source = fields.Text(); break;
                case Host: host = fields.Text(); break;
                case User: user = fields.Text(); break;
                case RootPath: root = fields.Value.ToArray(); break;
                case CanonicalRoot: canonical = fields.Value.ToArray(); break;
                case FailureListId: failures = fields.ChunkId(); break;
                case TagText: tags.Add(fields.Text()); break;
                case PendingListId: pending = fields.ChunkId(); break;
                case FurtherRoot: further.Add(fields.Value.ToArray()); break;
                case Removable: removable.Add(ReadRemovable(fields.Value)); break;
                case MarkListId: marks = fields.ChunkId(); break;
                case Places: places = fields.Value.ToArray(); break;
                case Clock: (clocks ??= []).Add(ReadClock(fields.Value)); break;
                default: break;
            }
        }

        if (root == null || canonical == null) { throw VarveException.Damaged(s_what, "a private field is missing"); }
        return new SnapshotPrivate
        {
            Source = source,
            Host = host,
            User = user,
            RootPath = root,
            CanonicalRoot = canonical,
            FailureList = failures,
            PendingList = pending,
            MarkList = marks,
            RulePlaces = places ?? [],
            FurtherRoots = further,
            Clocks = clocks,
            Removable = removable,
            Tags = tags,
        };
    }

    private static RemovableRoot ReadRemovable(ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(value, s_what);
        byte[] below = reader.Bytes().ToArray();
        var root = new RemovableRoot(below, System.Text.Encoding.UTF8.GetString(reader.Bytes()), reader.U8() != 0);
        reader.End();
        return root;
    }

    private static FileSystemClock ReadClock(ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(value, s_what);
        var clock = new FileSystemClock(reader.U64(), reader.Time());
        reader.End();
        return clock;
    }

    private static SnapshotCounts ReadCounts(ReadOnlySpan<byte> value, Subject what)
    {
        var reader = new ByteReader(value, what);
        var counts = new SnapshotCounts
        {
            Files = reader.VarInt63(),
            Directories = reader.VarInt63(),
            Symlinks = reader.VarInt63(),
            Others = reader.VarInt63(),
            Bytes = reader.VarInt63(),
            Failed = reader.VarInt63(),
            New = reader.VarInt63(),
            Changed = reader.VarInt63(),
            MetadataOnly = reader.VarInt63(),
            Unchanged = reader.VarInt63(),
            Gone = reader.VarInt63(),
            BytesRead = reader.VarInt63(),
            BytesAdded = reader.VarInt63(),
            BytesStored = reader.VarInt63(),
        };
        reader.End();
        return counts;
    }

    private static void ReadNumbers(ReadOnlySpan<byte> value, Subject what, ref long number)
    {
        var reader = new ByteReader(value, what);
        number = reader.VarInt63();
        reader.End();
    }

    private static void ReadNumbers(ReadOnlySpan<byte> value, Subject what, ref long first, ref long second)
    {
        var reader = new ByteReader(value, what);
        first = reader.VarInt63();
        second = reader.VarInt63();
        reader.End();
    }
}
