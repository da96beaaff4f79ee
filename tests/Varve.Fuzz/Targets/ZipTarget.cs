using System.IO.Compression;
using System.Text;
using Varve.Archives.Zip;

namespace Varve.Fuzz.Targets;

/// <summary>Zips: the directory, the local headers and the content.</summary>
internal sealed class ZipTarget : IFuzzTarget
{
    private const int Most = 1 << 20;

    public string Name => "zip";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        "PK\x01\x02"u8.ToArray(), "PK\x03\x04"u8.ToArray(), "PK\x05\x06"u8.ToArray(), "PK\x06\x06"u8.ToArray(), "PK\x06\x07"u8.ToArray(),
        [0x55, 0x54, 5, 0], [0x75, 0x78, 11, 0], [1, 0, 16, 0], [0xFF, 0xFF, 0xFF, 0xFF],
    ];

    public IEnumerable<byte[]> Seeds()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("a/");
            byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("over and over ", 50)));
            using (Stream entry = zip.CreateEntry("a/text").Open()) { entry.Write(text); }
            using (Stream entry = zip.CreateEntry("stored", CompressionLevel.NoCompression).Open()) { entry.Write("as it is"u8); }
        }

        yield return stream.ToArray();
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        var file = new MemoryBytes(input.ToArray());
        byte[] buffer = new byte[4096], packed = [];
        foreach (ZipEntry entry in ZipDirectory.Read(file, 1000, TimeZoneInfo.Utc))
        {
            if (entry.Refused is not null || entry.Stat.Size > Most) { continue; }
            try
            {
                using ZipContent content = ZipContent.Open(file, entry, ref packed);
                long length = 0;
                for (int read; (read = content.Read(buffer)) > 0; length += read) { }
                Same.Require(length == entry.Stat.Size, "an entry has another size than it says");
            }
            catch (VarveException) { }
        }
    }
}
