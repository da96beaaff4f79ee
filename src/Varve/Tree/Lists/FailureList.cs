using System.Text;
using Varve.Model.Bytes;

namespace Varve.Tree.Lists;

/// <summary>The failure list of a snapshot (docs/format.md, 8.3). Stateless, thread-safe.</summary>
internal static class FailureList
{
    /// <summary>So many failures at most are listed; the snapshot's counts tell the rest.</summary>
    public const int MaxFailures = ListChunk.MaxItems;

    private static readonly Subject s_what = Subject.PartOnly("the failure list");

    /// <summary>
    /// Writes the chunk of the first failures: as many as are allowed and fit. Returns how many that is.
    /// <see cref="FailedOperation.Write"/> does not occur in backups and throws <see cref="ArgumentException"/>.
    /// </summary>
    public static int Encode(ByteWriter writer, IReadOnlyList<Failure> failures) =>
        ListChunk.Encode(writer, MetaKind.FailureList, failures, Bound, static (body, failure) =>
        {
            body.Bytes(failure.Path);
            body.U8((byte)failure.Operation);
            body.VarInt((uint)Math.Max(0, failure.Errno));
            body.Text(failure.Message);
        });

    private static int Bound(Failure failure) => failure.Operation is >= FailedOperation.List and <= FailedOperation.Changed
        ? failure.Path.Length + Encoding.UTF8.GetMaxByteCount(failure.Message.Length) + 16
        : throw new ArgumentException($"{failure.Operation} is no failure of a backup.", nameof(failure));

    /// <summary>Decodes the chunk; throws <see cref="ErrorKind.Damaged"/> if it is none.</summary>
    public static IReadOnlyList<Failure> Decode(ReadOnlySpan<byte> chunk)
    {
        ByteReader reader = MetaChunk.Open(chunk, MetaKind.FailureList, s_what);
        var failures = new Failure[reader.Count(4)];
        for (int i = 0; i < failures.Length; i++)
        {
            byte[] path = reader.Bytes().ToArray();
            byte operation = reader.U8();
            if (operation is < (byte)FailedOperation.List or > (byte)FailedOperation.Changed)
            {
                throw reader.Damaged($"operation {operation} is unknown");
            }
            uint errno = reader.VarInt32();
            if (errno > int.MaxValue) { throw reader.Damaged("an error number is too large"); }
            failures[i] = new Failure(path, (FailedOperation)operation, (int)errno, Encoding.UTF8.GetString(reader.Bytes()));
        }

        reader.End();
        return failures;
    }
}
