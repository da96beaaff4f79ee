using Varve.Format;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;

namespace Varve.Tree;

/// <summary>The public part of final marks (docs/format.md, 11.3). Sealing is done elsewhere. Stateless, thread-safe.</summary>
internal static class FinalMarkCodec
{
    private const int List = 1, Session = 2;
    private const ulong Single = 1 << List | 1 << Session;

    private static readonly Subject s_what = Subject.PartOnly("the content");

    /// <summary>The plaintext.</summary>
    public static byte[] Encode(FinalMark mark)
    {
        var writer = new ByteWriter();
        var fields = new FieldWriter(writer, Single);
        fields.Id(List, mark.List.Value);
        fields.Bytes(Session, mark.Session.ToArray());
        return writer.ToArray();
    }

    /// <summary>Decodes the plaintext; throws <see cref="ErrorKind.Damaged"/>, without a name, if it is none.</summary>
    public static FinalMark Decode(ReadOnlySpan<byte> plaintext)
    {
        ObjectName? list = null;
        SessionId? session = null;
        var fields = new FieldReader(plaintext, s_what, Single);
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case List: list = fields.ObjectName(); break;
                case Session when fields.Value.Length == SessionId.Size: session = new SessionId(fields.Value); break;
                case Session: throw fields.Damaged();
                default: break;
            }
        }

        return list is { } name && session is { } id ? new FinalMark(name, id)
            : throw VarveException.Damaged(s_what, "a field is missing");
    }
}
