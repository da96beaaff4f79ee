using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.Fuzz.Targets;

/// <summary>
/// The catalog's file: the input stands in the place of the first bytes of one that is right (the header of the database and its schema);
/// its last two bytes say how many of the others are cut off, if the first is odd.
/// </summary>
internal sealed class CatalogTarget : IFuzzTarget
{
    private const int HeaderLength = 100;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"varve-fuzz-catalog-{Environment.ProcessId}");
    private byte[]? _right;

    public string Name => "catalog";

    public IEnumerable<byte[]> Seeds()
    {
        byte[] right = Right();
        return [right[..HeaderLength], right[..HeaderLength].Append((byte)0).ToArray(), right[..600]];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = [.. Right()];
        input[..Math.Min(input.Length, bytes.Length)].CopyTo(bytes);
        if (input.Length > HeaderLength && (input[^1] & 1) != 0) { bytes = bytes[..^Math.Min(bytes.Length, input[^2] * 256)]; }
        Directory.CreateDirectory(_folder);
        try
        {
            string path = Path.Combine(_folder, "catalog.db");
            File.WriteAllBytes(path, bytes);
            CatalogFile catalog = CatalogFile.Open(path, Known.Repository);
            using CatalogReader reader = catalog.OpenReader();
            foreach (SourceRow source in reader.Sources()) { reader.Snapshots(source.Id); }
            reader.Verify();
        }
        finally { Directory.Delete(_folder, recursive: true); }
    }

    private byte[] Right()
    {
        if (_right is not null) { return _right; }
        Directory.CreateDirectory(_folder);
        string path = Path.Combine(_folder, "right.db");
        CatalogFile catalog = CatalogFile.Open(path, Known.Repository);
        using (CatalogWriter writer = catalog.OpenWriter())
        {
            SourceRow source = writer.PutSource(Known.Id(1), "s", "h", "/r"u8, "/r"u8);
            writer.Snapshots.Start(source.Id, new FileTime(1, 0), []);
            writer.Begin();
            var stat = new EntryStat { Kind = EntryKind.Fifo };
            writer.Revisions.Insert(source.RootDirectory, "r"u8, 1, in stat, 0, []);
            writer.Commit();
        }

        _right = File.ReadAllBytes(path);
        Directory.Delete(_folder, recursive: true);
        return _right;
    }
}
