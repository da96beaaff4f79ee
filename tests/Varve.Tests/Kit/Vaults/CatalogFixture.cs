using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.Tests.Kit.Vaults;

/// <summary>A catalog in a directory of its own.</summary>
internal sealed class CatalogFixture : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("varve-catalog-").FullName;

    public CatalogFixture() => File = CatalogFile.Open(Path, Repository);

    public RepositoryId Repository { get; } = RepositoryId.Create();

    public string Path => System.IO.Path.Combine(_directory, "catalog.db");

    public CatalogFile File { get; }

    public static Bytes32 Id(int n)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Fill((byte)(n + 1));
        return new Bytes32(bytes);
    }

    public static Snapshot Snapshot(SourceRow source, FileTime start, FileTime end, ChunkId root) => new()
    {
        SourceId = source.Uid, Start = start, End = end, RootTree = root, Counts = new SnapshotCounts { Files = 1, BytesStored = 14 },
        Program = "test",
    };

    public static ObjectName Name(long number) => new(Id((int)(number % 200)));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
