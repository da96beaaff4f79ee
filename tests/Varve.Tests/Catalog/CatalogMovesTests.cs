using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Catalog;

/// <summary>Directories are found by their inode numbers, and moves are remembered.</summary>
public sealed class CatalogMovesTests : IDisposable
{
    private readonly CatalogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_directory_is_found_whether_the_run_has_ended_it_or_not_and_files_and_other_sources_are_not()
    {
        using CatalogWriter writer = _fixture.File.OpenWriter();
        using CatalogReader reader = _fixture.File.OpenReader();
        SourceRow source = Source(writer, 1), other = Source(writer, 2);
        long first = Complete(writer, source, () =>
        {
            Insert(writer, source, "a", EntryKind.Directory, 77, 1);
            Insert(writer, source, "file", EntryKind.File, 77, 1);
        });
        Complete(writer, other, () => Insert(writer, other, "b", EntryKind.Directory, 77, first + 1));
        long running = writer.Snapshots.Start(source.Id, new FileTime(50, 0), []).Number;
        KnownDirectory found = Assert.Single(reader.FindDirectories(source.Id, 77, running));
        Assert.Equal((source.RootDirectory, "a", first, long.MaxValue),
            (found.Parent, System.Text.Encoding.ASCII.GetString(found.Name), found.First, found.Last));
        writer.Begin();
        writer.Revisions.Close(source.RootDirectory, "a"u8, first, running);
        writer.Commit();
        Assert.Equal(running, Assert.Single(reader.FindDirectories(source.Id, 77, running)).Last);
        Assert.Equal(running, Assert.Single(reader.FindDirectory(source.RootDirectory, "a"u8, running)).Last);
        Assert.Empty(reader.FindDirectories(source.Id, 77, running + 1));
        Assert.Empty(reader.FindDirectories(source.Id, 78, running));
        Assert.Empty(reader.FindDirectory(source.RootDirectory, "file"u8, running));
    }

    [Fact]
    public void A_run_that_is_abandoned_takes_its_moves_along_and_damage_is_noticed()
    {
        using CatalogWriter writer = _fixture.File.OpenWriter();
        using CatalogReader reader = _fixture.File.OpenReader();
        SourceRow source = Source(writer, 1);
        long x = source.RootDirectory + 1, y = x + 1;
        EntryStat stat = Stat(EntryKind.File, 5);
        long first = Complete(writer, source, () =>
        {
            writer.InsertDirectory(1, source.RootDirectory, "root"u8, source.RootDirectory + 9);
            writer.InsertDirectory(1, source.RootDirectory + 9, "x"u8, x);
            writer.Revisions.Insert(x, "f"u8, 1, stat, 0, default);
        });
        long running = writer.Snapshots.Start(source.Id, new FileTime(50, 0), []).Number;
        writer.Begin();
        writer.InsertDirectory(running, source.RootDirectory + 9, "y"u8, y);
        writer.Revisions.Insert(y, "f"u8, running, stat, 0, default);
        writer.Revisions.Close(x, "f"u8, first, running);
        writer.RecordMove(y, running, x);
        writer.Commit();
        Assert.Equal("x/f"u8.ToArray(), reader.MovedFrom(y, "f"u8, running, stat));
        Assert.Null(reader.MovedFrom(y, "g"u8, running, stat));
        Assert.Null(reader.MovedFrom(y, "f"u8, running, Stat(EntryKind.File, 6)));
        Assert.Null(reader.MovedFrom(x, "f"u8, first, stat));
        Assert.Equal([running], reader.SnapshotsWithMoves(source.Id));
        using (SqliteConnection connection = SqliteConnection.Open(_fixture.Path, 2, 1000))
        {
            connection.Run("UPDATE move SET origin = origin + 1");
            Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => reader.MovedFrom(y, "f"u8, running, stat)).Kind);
            Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => writer.Snapshots.Abandon(source.Id)).Kind);
            connection.Run("UPDATE move SET origin = origin - 1");
        }
        Assert.True(writer.Snapshots.Abandon(source.Id));
        Assert.Empty(reader.SnapshotsWithMoves(source.Id));
    }

    private static SourceRow Source(CatalogWriter writer, int n) => writer.PutSource(CatalogFixture.Id(n), $"s{n}", "host", "/s"u8, "/s"u8);

    private static long Complete(CatalogWriter writer, SourceRow source, Action rows)
    {
        SnapshotRow row = writer.Snapshots.Start(source.Id, new FileTime(10, 0), []);
        writer.Begin();
        rows();
        writer.Commit();
        writer.Snapshots.MarkCommitting(source.Id, row.Number, CatalogFixture.Name(row.Number), default);
        writer.Snapshots.Complete(source.Id, row.Number, CatalogFixture.Snapshot(source, row.Start, new FileTime(20, 0), default),
            CatalogFixture.Name(row.Number));
        return row.Number;
    }

    private static void Insert(CatalogWriter writer, SourceRow source, string name, EntryKind kind, ulong inode, long first) =>
        writer.Revisions.Insert(source.RootDirectory, System.Text.Encoding.ASCII.GetBytes(name), first, Stat(kind, inode), 0, default);

    private static EntryStat Stat(EntryKind kind, ulong inode) =>
        new() { Kind = kind, Inode = inode, Size = 3, Mtime = new FileTime(1, 2), Ctime = new FileTime(3, 4) };
}
