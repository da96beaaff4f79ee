using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Tree;

/// <summary>
/// The plaintexts of notes (docs/format.md, 9.1): the public part and the private part. Sealing is done elsewhere. Stateless, thread-safe.
/// Bytes that make no sense throw <see cref="ErrorKind.Damaged"/>, without a name.
/// </summary>
internal static class NoteCodec
{
    private const int Kind = 1, At = 2, LineageTag = 3, Continues = 4, SnapshotTag = 5, Withdrawn = 6, Until = 7;
    private const int Name = 1, FormerName = 2, Host = 3, Root = 4, Added = 5, Removed = 6, Reason = 7;
    private const ulong PublicSingle = 1 << Kind | 1 << At | 1 << LineageTag | 1 << Until;
    private const ulong PrivateSingle = 1 << Name | 1 << FormerName | 1 << Host | 1 << Root | 1 << Reason;

    private static readonly Subject s_what = Subject.PartOnly("the content");

    /// <summary>The public part: which lineages and snapshots, readable at both levels.</summary>
    public static byte[] EncodePublic(Note note)
    {
        var writer = new ByteWriter();
        var fields = new FieldWriter(writer, PublicSingle);
        fields.Numbers(Kind, (long)note.Kind);
        fields.Time(At, note.At);
        if (!note.Lineage.Source.IsZero) { fields.Bytes(LineageTag, note.Lineage.ToArray()); }
        foreach (Lineage lineage in note.Continues) { fields.Bytes(Continues, lineage.ToArray()); }
        foreach (ObjectName snapshot in note.Snapshots) { fields.Id(SnapshotTag, snapshot.Value); }
        foreach (ObjectName withdrawn in note.Withdrawn) { fields.Id(Withdrawn, withdrawn.Value); }
        if (note.Until is { } until) { fields.Time(Until, until); }
        return writer.ToArray();
    }

    /// <summary>The private part: names and paths. What is empty is left out.</summary>
    public static byte[] EncodePrivate(NotePrivate part)
    {
        var writer = new ByteWriter();
        var fields = new FieldWriter(writer, PrivateSingle);
        if (part.Name.Length > 0) { fields.Text(Name, part.Name); }
        if (part.FormerName.Length > 0) { fields.Text(FormerName, part.FormerName); }
        if (part.Host.Length > 0) { fields.Text(Host, part.Host); }
        if (part.Root.Length > 0) { fields.Bytes(Root, part.Root); }
        foreach (string tag in part.Added) { fields.Text(Added, tag); }
        foreach (string tag in part.Removed) { fields.Text(Removed, tag); }
        if (part.Reason.Length > 0) { fields.Text(Reason, part.Reason); }
        return writer.ToArray();
    }

    /// <summary>Decodes the public part.</summary>
    public static Note ParsePublic(ReadOnlySpan<byte> publicPart)
    {
        uint kind = 0;
        FileTime? at = null, until = null;
        Lineage lineage = default;
        List<Lineage> continues = [];
        List<ObjectName> snapshots = [], withdrawn = [];
        var fields = new FieldReader(publicPart, s_what, PublicSingle);
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case Kind: kind = fields.VarInt32(); break;
                case At: at = fields.Time(); break;
                case LineageTag: lineage = ReadLineage(ref fields); break;
                case Continues: continues.Add(ReadLineage(ref fields)); break;
                case SnapshotTag: snapshots.Add(fields.ObjectName()); break;
                case Withdrawn: withdrawn.Add(fields.ObjectName()); break;
                case Until: until = fields.Time(); break;
                default: break;
            }
        }

        if (at is not { } time || kind == 0) { throw VarveException.Damaged(s_what, "a field is missing"); }
        bool isOfLineage = (NoteKind)kind is NoteKind.Adoption or NoteKind.Naming;
        return isOfLineage && lineage.Source.IsZero ? throw VarveException.Damaged(s_what, "it is of no source") : new Note
        {
            Kind = (NoteKind)kind, At = time, Lineage = lineage, Continues = continues, Snapshots = snapshots, Withdrawn = withdrawn,
            Until = until,
        };
    }

    /// <summary>Decodes the private part once it is opened.</summary>
    public static NotePrivate ParsePrivate(ReadOnlySpan<byte> privatePart)
    {
        string name = "", former = "", host = "", reason = "";
        byte[] root = [];
        List<string> added = [], removed = [];
        var fields = new FieldReader(privatePart, s_what, PrivateSingle);
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case Name: name = fields.Text(); break;
                case FormerName: former = fields.Text(); break;
                case Host: host = fields.Text(); break;
                case Root: root = fields.Value.ToArray(); break;
                case Added: added.Add(fields.Text()); break;
                case Removed: removed.Add(fields.Text()); break;
                case Reason: reason = fields.Text(); break;
                default: break;
            }
        }

        return new NotePrivate
        {
            Name = name, FormerName = former, Host = host, Root = root, Added = added, Removed = removed, Reason = reason,
        };
    }

    private static Lineage ReadLineage(ref FieldReader fields)
    {
        if (fields.Value.Length != Lineage.Size) { throw fields.Damaged(); }
        var lineage = Lineage.Read(fields.Value);
        return lineage.Source.IsZero ? throw VarveException.Damaged(s_what, "it is of no source") : lineage;
    }
}
