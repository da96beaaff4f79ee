using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Tree.Lists;

/// <summary>The list of what is still to come after a partial snapshot (docs/format.md, 8.4). Stateless, thread-safe.</summary>
internal static class PendingList
{
    /// <summary>So many files at most are listed; the snapshot's counts tell the rest.</summary>
    public const int MaxFiles = ListChunk.MaxItems;

    private static readonly Subject s_what = Subject.PartOnly("the list of what is to come");

    /// <summary>Writes the chunk of the first files: as many as are allowed and fit. Returns how many that is.</summary>
    public static int Encode(ByteWriter writer, IReadOnlyList<PendingFile> files) =>
        ListChunk.Encode(writer, MetaKind.PendingList, files, static file => file.Path.Length + 40, static (body, file) =>
        {
            body.Bytes(file.Path);
            body.VarInt((ulong)file.Size);
            body.Time(file.Time);
        });

    /// <summary>Decodes the chunk; throws <see cref="ErrorKind.Damaged"/> if it is none.</summary>
    public static IReadOnlyList<PendingFile> Decode(ReadOnlySpan<byte> chunk)
    {
        ByteReader reader = MetaChunk.Open(chunk, MetaKind.PendingList, s_what);
        var files = new PendingFile[reader.Count(4)];
        for (int i = 0; i < files.Length; i++) { files[i] = new PendingFile(reader.Bytes().ToArray(), reader.VarInt63(), reader.Time()); }
        reader.End();
        return files;
    }
}
