using Varve.Archives.Tar;
using Varve.History.Content;
using Varve.Model;

namespace Varve.Fuzz.Targets;

/// <summary>Tars.</summary>
internal sealed class TarTarget : IFuzzTarget
{
    private const int MostEntries = 1000;

    public string Name => "tar";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        "ustar\0"u8.ToArray(), "ustar  \0"u8.ToArray(), "GNU.sparse.major=1\n"u8.ToArray(), "GNU.sparse.map=0,1\n"u8.ToArray(),
        "30 mtime=-1.5\n"u8.ToArray(),
        "SCHILY.acl.access=user::rwx,group::r-x,other::r--"u8.ToArray(), "SCHILY.xattr.user.a=b"u8.ToArray(), "path="u8.ToArray(),
    ];

    public IEnumerable<byte[]> Seeds()
    {
        var stream = new MemoryStream();
        var pax = new PaxWriter(stream);
        var stat = new EntryStat { Kind = EntryKind.File, Mode = 0x1A4, Mtime = new FileTime(5, 6), Uid = 3_000_000 };
        pax.Header('5', "a/"u8, default, in stat, 0, ("root"u8.ToArray(), "root"u8.ToArray()), []);
        pax.Header('0', "a/file"u8, default, in stat, 5, ([], []), [new Xattr("user.x"u8.ToArray(), [0, 1])],
            [("SCHILY.acl.access", "user::rw-,user:7:r--:7,group::r--,mask::r--,other::---"u8.ToArray())]);
        stream.Write("hello"u8);
        pax.Pad(5);
        pax.Header('2', "a/link"u8, "file"u8, in stat, 0, ([], []), []);
        pax.Header('1', "a/again"u8, "a/file"u8, in stat, 0, ([], []), []);
        pax.Header('0', "GNUSparseFile.0/s"u8, default, in stat, 515, ([], []), [],
            [("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.realsize", "9000"u8.ToArray())]);
        stream.Write("2\n100\n3\n9000\n0\n"u8);
        pax.Pad(17);
        stream.Write("abc"u8);
        pax.Pad(3);
        pax.End();
        yield return stream.ToArray();
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        var tar = new TarReader(new MemoryStream(input.ToArray()));
        var buffer = new byte[4096];
        for (int i = 0; i < MostEntries && tar.Next() is { } entry; i++)
        {
            if (entry.Refused is not null || entry.Stat.Kind != EntryKind.File || entry.IsFurtherName) { continue; }
            long length = 0;
            for (int read; (read = tar.Read(buffer)) > 0; length += read) { }
            Same.Require(length == entry.DataLength && length <= Math.Max(entry.Stat.Size, 0), "a file has more than it says");
        }
    }
}
