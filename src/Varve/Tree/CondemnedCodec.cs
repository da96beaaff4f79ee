using System.Buffers.Binary;
using Varve.Format;
using Varve.Model.Bytes;

namespace Varve.Tree;

/// <summary>The plaintext of condemned lists (docs/format.md, 11). Sealing is done elsewhere. Stateless, thread-safe.</summary>
internal static class CondemnedCodec
{
    private const int At = 1, Pack = 2, Session = 3, SessionLength = 16;

    private static readonly Subject s_what = Subject.PartOnly("the content");
    private const ulong Single = 1 << At;

    /// <summary>The plaintext.</summary>
    public static byte[] Encode(CondemnedPacks condemned)
    {
        var writer = new ByteWriter();
        var fields = new FieldWriter(writer, Single);
        fields.Time(At, condemned.At);
        foreach (ObjectName pack in condemned.Packs) { fields.Id(Pack, pack.Value); }
        Span<byte> number = stackalloc byte[SessionLength];
        foreach (UInt128 session in condemned.Sessions)
        {
            BinaryPrimitives.WriteUInt128BigEndian(number, session);
            fields.Bytes(Session, number);
        }

        return writer.ToArray();
    }

    /// <summary>Decodes the plaintext; throws <see cref="ErrorKind.Damaged"/>, without a name, if it is none.</summary>
    public static CondemnedPacks Decode(ReadOnlySpan<byte> plaintext)
    {
        FileTime? at = null;
        List<ObjectName> packs = [];
        List<UInt128> sessions = [];
        var fields = new FieldReader(plaintext, s_what, Single);
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case At: at = fields.Time(); break;
                case Pack: packs.Add(fields.ObjectName()); break;
                case Session
                    when fields.Value.Length == SessionLength:
                    sessions.Add(BinaryPrimitives.ReadUInt128BigEndian(fields.Value)); break;
                case Session: throw fields.Damaged();
                default: break;
            }
        }

        return at is FileTime time ? new CondemnedPacks(time, packs, sessions)
            : throw VarveException.Damaged(s_what, "its time is missing");
    }
}
