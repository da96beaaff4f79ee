using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Tree.Details;

/// <summary>
/// The details of an entry (docs/format.md, 8.1) as a whole, and the questions that need no decoding. Stateless, thread-safe.
/// Details that make no sense throw <see cref="ErrorKind.Damaged"/>. <see cref="DetailsWriter"/> is the way to write without objects.
/// </summary>
internal static class DetailsCodec
{
    internal static readonly Subject What = Subject.PartOnly("the details of an entry");

    /// <summary>Decodes everything that is known; fields that are not are skipped.</summary>
    public static EntryDetails Decode(ReadOnlySpan<byte> details)
    {
        var decoded = new EntryDetails();
        List<Xattr>? xattrs = null;
        var fields = new FieldReader(details, What, DetailTag.Single);
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case DetailTag.Extents: decoded.Extents = DecodeExtents(fields.Value); break;
                case DetailTag.ExtentList when decoded.Extents == null: decoded.ExtentList = fields.ChunkId(); break;
                case DetailTag.ExtentList: throw fields.Damaged();
                case DetailTag.ChildTree: decoded.ChildTree = fields.ChunkId(); break;
                case DetailTag.SymlinkTarget: decoded.SymlinkTarget = fields.Value.ToArray(); break;
                case DetailTag.Device: decoded.Device = ReadDevice(fields.Value); break;
                case DetailTag.LinkGroup: decoded.LinkGroup = fields.U64(); break;
                case DetailTag.Birth: decoded.Birth = fields.Time(); break;
                case DetailTag.Attributes: decoded.Attributes = fields.VarInt32(); break;
                case DetailTag.Mount: decoded.Mount = fields.U64(); break;
                case DetailTag.Xattr:
                    Xattr xattr = ReadXattr(fields.Value);
                    xattrs ??= [];
                    if (xattrs.Count > 0 && xattrs[^1].Name.AsSpan().SequenceCompareTo(xattr.Name) >= 0) { throw fields.Damaged(); }
                    xattrs.Add(xattr);
                    break;
                default: break;
            }
        }

        if (xattrs != null) { decoded.Xattrs = xattrs; }
        return decoded;
    }

    /// <summary>The same of an entry of that kind, which must have what its kind needs (<see cref="DetailsVerifier"/>).</summary>
    public static EntryDetails Decode(EntryKind kind, ReadOnlySpan<byte> details)
    {
        DetailsVerifier.Verify(kind, details);
        return Decode(details);
    }

    /// <summary>What of a file's details is no content; null if there is nothing of that. Of most files nothing is decoded.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal static EntryDetails? Wanted(ReadOnlySpan<byte> details) =>
        TryGet(details, DetailTag.Xattr, out _) || TryGet(details, DetailTag.Attributes, out _) ? Decode(details) : null;

    /// <summary>The value of the (first) field of a tag; reads no further than that.</summary>
    public static bool TryGet(ReadOnlySpan<byte> details, int tag, out ReadOnlySpan<byte> value)
    {
        var fields = new FieldReader(details, What, DetailTag.Single);
        while (fields.MoveNext() && fields.Tag <= (ulong)tag)
        {
            if (fields.Tag == (ulong)tag)
            {
                value = fields.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether two entries have the same content: extents and extent list.</summary>
    public static bool SameContent(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        Same(a, b, DetailTag.Extents) && Same(a, b, DetailTag.ExtentList);

    /// <summary>Whether the (first) field of a tag is the same in both, or missing in both.</summary>
    public static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int tag)
    {
        bool inA = TryGet(a, tag, out ReadOnlySpan<byte> x), inB = TryGet(b, tag, out ReadOnlySpan<byte> y);
        return inA == inB && x.SequenceEqual(y);
    }

    /// <summary>A directory's tree, or none.</summary>
    public static ChunkId ChildTree(ReadOnlySpan<byte> details) => Id(details, DetailTag.ChildTree);

    /// <summary>The extent list, or none.</summary>
    public static ChunkId ExtentList(ReadOnlySpan<byte> details) => Id(details, DetailTag.ExtentList);

    /// <summary>The inline extents; none if they are in a list or there is no content.</summary>
    public static ExtentReader InlineExtents(ReadOnlySpan<byte> details)
    {
        TryGet(details, DetailTag.Extents, out ReadOnlySpan<byte> value);
        return new ExtentReader(value, What);
    }

    /// <summary>The link group, or 0.</summary>
    public static ulong LinkGroup(ReadOnlySpan<byte> details) => Number(details, DetailTag.LinkGroup);

    /// <summary>The key of the file system that begins with this directory, or 0: it lies on that of the directory above.</summary>
    public static ulong Mount(ReadOnlySpan<byte> details) => Number(details, DetailTag.Mount);

    private static ulong Number(ReadOnlySpan<byte> details, int tag)
    {
        if (!TryGet(details, tag, out ReadOnlySpan<byte> value)) { return 0; }
        var reader = new ByteReader(value, What);
        ulong group = reader.U64();
        reader.End();
        return group;
    }

    /// <summary>Appends <paramref name="details"/> with the child tree replaced, or added. Every other field stays, known or not.</summary>
    public static void WithChildTree(ByteWriter writer, ReadOnlySpan<byte> details, in ChunkId tree)
    {
        int before = 0, after = 0;
        var fields = new FieldReader(details, What, DetailTag.Single);
        while (fields.MoveNext())
        {
            if (fields.Tag < DetailTag.ChildTree) { before = fields.Position; }
            if (fields.Tag <= DetailTag.ChildTree) { after = fields.Position; }
        }

        writer.Raw(details[..before]);
        var to = new DetailsWriter(writer);
        to.ChildTree(tree);
        writer.Raw(details[after..]);
    }

    /// <summary>Appends <paramref name="details"/> without the link group. Every other field stays, known or not.</summary>
    public static void WithoutLinkGroup(ByteWriter writer, ReadOnlySpan<byte> details)
    {
        int from = 0;
        var fields = new FieldReader(details, What, DetailTag.Single);
        while (fields.MoveNext())
        {
            if (fields.Tag != DetailTag.LinkGroup) { writer.Raw(details[from..fields.Position]); }
            from = fields.Position;
        }
    }

    /// <summary>
    /// Reads what a stat holds (device, birth, attributes) into <paramref name="stat"/>, whose kind is set. Throws if fields are out of
    /// order, one has an impossible length, or a directory has no tree. What the writer lets pass and what the reader accepts is decided
    /// here alone.
    /// </summary>
    internal static void Inspect(ReadOnlySpan<byte> details, ref EntryStat stat, Subject what)
    {
        var fields = new FieldReader(details, what, DetailTag.Single);
        bool hasTree = false, hasExtents = false;
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case DetailTag.Extents: hasExtents = true; break;
                case DetailTag.ExtentList when !hasExtents: fields.ChunkId(); break;
                case DetailTag.ExtentList: throw fields.Damaged();
                case DetailTag.ChildTree: fields.ChunkId(); hasTree = true; break;
                case DetailTag.LinkGroup or DetailTag.Mount: fields.U64(); break;
                case DetailTag.Device: (stat.RdevMajor, stat.RdevMinor) = ReadDevice(fields.Value); break;
                case DetailTag.Birth: (stat.Birth, stat.HasBirth) = (fields.Time(), true); break;
                case DetailTag.Attributes: stat.Attributes = fields.VarInt32(); break;
                default: break;
            }
        }

        if (stat.Kind == EntryKind.Directory && !hasTree) { throw VarveException.Damaged(what, "a directory has no tree"); }
    }

    /// <summary>Whether the system can have an attribute of that name: it ends names at a NUL.</summary>
    internal static bool IsXattrName(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.Contains((byte)0);

    private static ChunkId Id(ReadOnlySpan<byte> details, int tag)
    {
        if (!TryGet(details, tag, out ReadOnlySpan<byte> value)) { return default; }
        return value.Length == Bytes32.Size ? new ChunkId(value) : throw VarveException.Damaged(What, "an id is not 32 bytes long");
    }

    private static Extent[] DecodeExtents(ReadOnlySpan<byte> encoded)
    {
        var extents = new List<Extent>();
        var reader = new ExtentReader(encoded, What);
        while (reader.MoveNext()) { extents.Add(reader.Current); }

        return extents.ToArray();
    }

    internal static (uint Major, uint Minor) ReadDevice(ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(value, What);
        (uint, uint) device = (reader.VarInt32(), reader.VarInt32());
        reader.End();
        return device;
    }

    /// <summary>The name of an extended attribute, which the value of its field begins with.</summary>
    internal static ReadOnlySpan<byte> ReadXattrName(scoped ref ByteReader value)
    {
        ReadOnlySpan<byte> name = value.Bytes();
        return IsXattrName(name) ? name : throw VarveException.Damaged(What, "an extended attribute has a name that is none");
    }

    private static Xattr ReadXattr(ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(value, What);
        return new Xattr(ReadXattrName(ref reader).ToArray(), reader.Rest().ToArray());
    }
}
