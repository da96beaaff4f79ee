using Varve.Format;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;

namespace Varve.Tree;

/// <summary>The public part of condemned lists (docs/format.md, 11). Sealing is done elsewhere. Stateless, thread-safe.</summary>
internal static class CondemnedCodec
{
    private const int At = 1, Pack = 2, Session = 3;
    private const ulong Single = 1 << At | 1 << Session;

    private static readonly Subject s_what = Subject.PartOnly("the content");

    /// <summary>The plaintext.</summary>
    public static byte[] Encode(CondemnedPacks condemned)
    {
        var writer = new ByteWriter();
        var fields = new FieldWriter(writer, Single);
        fields.Time(At, condemned.At);
        foreach (ObjectName pack in condemned.Packs) { fields.Id(Pack, pack.Value); }
        fields.Bytes(Session, condemned.Session.ToArray());
        return writer.ToArray();
    }

    /// <summary>Decodes the plaintext; throws <see cref="ErrorKind.Damaged"/>, without a name, if it is none.</summary>
    public static CondemnedPacks Decode(ReadOnlySpan<byte> plaintext)
    {
        FileTime? at = null;
        SessionId? session = null;
        List<ObjectName> packs = [];
        var fields = new FieldReader(plaintext, s_what, Single);
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case At: at = fields.Time(); break;
                case Pack: packs.Add(fields.ObjectName()); break;
                case Session when fields.Value.Length == SessionId.Size: session = new SessionId(fields.Value); break;
                case Session: throw fields.Damaged();
                default: break;
            }
        }

        return at is { } time && session is { } id ? new CondemnedPacks(time, id, packs)
            : throw VarveException.Damaged(s_what, "a field is missing");
    }
}
