using System.Text;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Catalog;

/// <summary>Search, snapshots' states and the user's SQL.</summary>
public sealed class CatalogQueryTests
{
    private static readonly FileTime Start = new(1_000_000_000, 0);

    [Theory]
    [InlineData("*.txt", "1 a.txt;1 sub/b.txt")]
    [InlineData("/*.txt", "1 a.txt")]
    [InlineData("sub/*", "1 sub/b.txt")]
    [InlineData("sub/", "1 sub")]
    [InlineData("root", "1 ")]
    [InlineData("nothing", "")]
    public void Find_reports_paths_and_intervals(string pattern, string expected)
    {
        using var fixture = new CatalogFixture();
        Fill(fixture);
        using CatalogReader reader = fixture.File.OpenReader();
        var found = new List<string>();
        reader.Search.Find(Glob.Parse(pattern), 0, (in MatchedRevision r) =>
        {
            Assert.Equal(1, r.First);
            Assert.Equal(long.MaxValue, r.Last);
            found.Add($"{r.Source} {Encoding.UTF8.GetString(r.Path)}");
            return true;
        });
        Assert.Equal(expected, string.Join(';', found));
        reader.Search.Find(Glob.Parse("*"), 2, (in MatchedRevision _) => throw new InvalidOperationException("another source"));
        int calls = 0;
        reader.Search.Find(Glob.Parse("*"), 1, (in MatchedRevision _) => ++calls < 2);
        Assert.Equal(2, calls);
    }

    [Fact]
    public void The_views_show_paths_and_times()
    {
        using var fixture = new CatalogFixture();
        Fill(fixture);
        Assert.Equal(["/home/u file  2001-09-09T01:46:40Z"],
            Query(fixture, "SELECT path, 'file', last, mtime FROM files WHERE kind = 'directory' AND path = '/home/u'"));
        Assert.Equal(["/home/u/a.txt 7 0644", "/home/u/sub/b.txt 7 0644"],
            Query(fixture, "SELECT path, size, mode FROM files WHERE kind = 'file' ORDER BY path"));
        Assert.Equal(["1 home complete 2001-09-09T01:46:40Z"], Query(fixture, "SELECT snapshot, source, state, started FROM snapshots"));
    }

    [Theory]
    [InlineData("DELETE FROM revision")]
    [InlineData("INSERT INTO meta VALUES('a', x'00')")]
    [InlineData("ATTACH '/tmp/varve-other.db' AS other")]
    [InlineData("VACUUM INTO '/tmp/varve-copy.db'")]
    [InlineData("PRAGMA query_only=0")]
    [InlineData("CREATE TEMP TABLE t(a)")]
    [InlineData("BEGIN")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT nonsense")]
    [InlineData("SELECT load_extension('x')")]
    [InlineData("")]
    public void Nothing_but_one_select_is_accepted(string sql)
    {
        using var fixture = new CatalogFixture();
        Fill(fixture);
        byte[] before = File.ReadAllBytes(fixture.Path);
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Query(fixture, sql)).Kind);
        Assert.Equal(before, File.ReadAllBytes(fixture.Path));
    }

    [Fact]
    public void A_query_without_end_can_be_cancelled()
    {
        using var fixture = new CatalogFixture();
        using var cancel = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => CatalogSql.Query(fixture.Path,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n", _ => { }, _ => { }, cancel.Token));
    }

    [Theory]
    [InlineData("SELECT sum(size) FROM files WHERE kind = 'file'", "14")]
    [InlineData("SELECT sum(n) FROM (SELECT 4611686018427387904 n UNION ALL SELECT 4611686018427387904)", "9223372036854775807")]
    [InlineData("SELECT sum(n) FROM (SELECT -9223372036854775807 n UNION ALL SELECT -2)", "-9223372036854775808")]
    [InlineData("SELECT sum(n) FROM (SELECT 9223372036854775807 n UNION ALL SELECT 9 UNION ALL SELECT -10)", "9223372036854775806")]
    [InlineData("SELECT sum(n) FROM (SELECT NULL n)", "")]
    [InlineData("SELECT sum(size) FROM files WHERE 0", "")]
    [InlineData("SELECT sum(n) FROM (SELECT 1 n UNION ALL SELECT 0.5 UNION ALL SELECT NULL)", "1.5")]
    [InlineData("SELECT sum(n) FROM (SELECT '12' n UNION ALL SELECT 'x')", "12")]
    [InlineData("SELECT sum(DISTINCT n) FROM (SELECT 3 n UNION ALL SELECT 3)", "3")]
    [InlineData("SELECT sum(n) OVER (ORDER BY n ROWS 1 PRECEDING) FROM (SELECT 1 n UNION ALL SELECT 2 UNION ALL SELECT 4611686018427387904 "
        + "UNION ALL SELECT 9223372036854775807)", "1,3,4611686018427387906,9223372036854775807")]
    public void Sums_that_pass_what_64_bits_hold_stay_at_its_end_and_all_others_are_as_ever(string sql, string expected)
    {
        using var fixture = new CatalogFixture();
        Fill(fixture);
        Assert.Equal(expected, string.Join(',', Query(fixture, sql)));
    }

    [Fact]
    public void A_reader_ends_when_it_is_cancelled_whatever_it_was_doing()
    {
        using var fixture = new CatalogFixture();
        SourceRow source = CatalogHistoryTests.PutSource(fixture);
        using (CatalogWriter writer = fixture.File.OpenWriter())
        {
            long n = writer.Snapshots.Start(source.Id, Start, []).Number;
            writer.Begin();
            var stat = new EntryStat { Kind = EntryKind.Fifo };
            for (int i = 1; i <= 20_000; i++) { writer.Revisions.Insert(source.RootDirectory, BitConverter.GetBytes(i), n, stat, 0, default); }
            writer.Commit();
        }

        using var cancel = new CancellationTokenSource();
        using CatalogReader reader = fixture.File.OpenReader(cancel.Token);
        Assert.Single(reader.Sources());
        cancel.Cancel();
        // Nothing matches, so nobody who is told of matches could stop it.
        Assert.ThrowsAny<OperationCanceledException>(() => reader.Search.Find(Glob.Parse("nothing"), 0, (in MatchedRevision _) => true));
        Assert.ThrowsAny<OperationCanceledException>(() => reader.Verify());
    }

    [Fact]
    public void A_snapshot_goes_from_running_over_committing_to_complete()
    {
        using var fixture = new CatalogFixture();
        SourceRow source = CatalogHistoryTests.PutSource(fixture);
        using CatalogWriter writer = fixture.File.OpenWriter();
        using CatalogReader reader = fixture.File.OpenReader();
        SnapshotRow first = writer.Snapshots.Start(source.Id, new FileTime(50, 0), []);
        Assert.False(first.Resumed);
        SnapshotRow again = writer.Snapshots.Start(source.Id, new FileTime(60, 0), []);
        Assert.True(again.Resumed);
        Assert.Equal((first.Number, new FileTime(50, 0)), (again.Number, again.Start));
        writer.Snapshots.MarkCommitting(source.Id, 1, CatalogFixture.Name(1), new ChunkId(CatalogFixture.Id(3)));
        Assert.Equal(SnapshotState.Committing, reader.Unfinished(source.Id)!.State);
        Assert.Throws<InvalidOperationException>(() => writer.Snapshots.Start(source.Id, Start, []));
        writer.Snapshots.Reopen(source.Id, 1);
        Assert.True(reader.Unfinished(source.Id)!.Object.IsNone);
        Assert.Null(reader.LatestComplete(source.Id));
        Snapshot snapshot = CatalogFixture.Snapshot(source, new FileTime(60, 0), new FileTime(70, 0), new ChunkId(CatalogFixture.Id(3)));
        writer.Snapshots.Complete(source.Id, 1, snapshot with { IsPartial = true }, CatalogFixture.Name(1));
        Assert.Null(reader.Unfinished(source.Id));
        Assert.Null(reader.LatestWhole(source.Id));
        SnapshotRow row = reader.LatestComplete(source.Id)!;
        Assert.Equal((CatalogFixture.Name(1), new FileTime(50, 0), new FileTime(70, 0), 14L),
            (row.Object, row.Start, row.End, row.Counts.BytesStored));
        Assert.Throws<InvalidOperationException>(() => writer.Snapshots.Complete(source.Id, 1, snapshot, CatalogFixture.Name(1)));
        Assert.Equal(2, writer.Snapshots.Start(source.Id, Start, []).Number);
    }

    [Fact]
    public void A_source_keeps_its_number_when_it_is_renamed()
    {
        using var fixture = new CatalogFixture();
        using CatalogWriter writer = fixture.File.OpenWriter();
        using CatalogReader reader = fixture.File.OpenReader();
        SourceRow a = writer.PutSource(CatalogFixture.Id(1), "a", "h", "/a"u8, "/a"u8),
            b = writer.PutSource(CatalogFixture.Id(2), "b", "h", "/b"u8, "/b"u8);
        Assert.Equal(a.Id, writer.PutSource(CatalogFixture.Id(1), "new", "h", "/a"u8, "/a"u8).Id);
        Assert.Equal("new", reader.TryGetSource(CatalogFixture.Id(1))!.Name);
        Assert.Null(reader.TryGetSource(CatalogFixture.Id(3)));
        Assert.NotEqual(writer.DirectoryIds(a.Id).Next() >> 40, writer.DirectoryIds(b.Id).Next() >> 40);
    }

    [Fact]
    public void Ids_are_not_given_twice_after_a_kill()
    {
        using var fixture = new CatalogFixture();
        SourceRow source = CatalogHistoryTests.PutSource(fixture);
        using CatalogWriter writer = fixture.File.OpenWriter();
        DirectoryIds ids = writer.DirectoryIds(source.Id);
        long parent = ids.Next(), child = ids.Next();
        writer.Begin();
        // Rows below a directory whose own row did not come to be written.
        writer.Revisions.Insert(child, "x"u8, 1, new EntryStat { Kind = EntryKind.File }, 0, default);
        writer.Commit();
        Assert.Equal(source.RootDirectory + 1, parent);
        Assert.True(writer.DirectoryIds(source.Id).Next() > child);
    }

    [Fact]
    public void Extreme_values_come_back()
    {
        using var fixture = new CatalogFixture();
        SourceRow source = CatalogHistoryTests.PutSource(fixture);
        var stat = new EntryStat
        {
            Kind = EntryKind.CharDevice, Mode = 0xfff, Uid = uint.MaxValue, Gid = uint.MaxValue, Size = long.MaxValue,
            Inode = ulong.MaxValue, RdevMajor = uint.MaxValue,
            RdevMinor = uint.MaxValue, Mtime = new FileTime(long.MinValue, 999_999_999), Ctime = new FileTime(long.MaxValue, 0),
        };
        using CatalogWriter writer = fixture.File.OpenWriter();
        writer.Begin();
        writer.Revisions.Insert(source.RootDirectory, [0xff, 0x00, 0x80], 3, stat, EntryFlags.Torn, [1, 2]);
        writer.Commit();
        using CatalogReader reader = fixture.File.OpenReader();
        var table = new EntryTable();
        reader.ReadDirectory(source.RootDirectory, 0, table);
        Assert.Equal(stat, table.Stat(0));
        Assert.Equal([0xff, 0x00, 0x80], table.Name(0).ToArray());
        Assert.Equal([1, 2], table.Details(0).ToArray());
        Assert.Equal((EntryFlags.Torn, 3L, long.MaxValue), (table.Flags(0), table.First(0), table.Last(0)));
    }

    private static void Fill(CatalogFixture fixture)
    {
        SourceRow source = CatalogHistoryTests.PutSource(fixture);
        using CatalogWriter writer = fixture.File.OpenWriter();
        long n = writer.Snapshots.Start(source.Id, Start, []).Number;
        DirectoryIds ids = writer.DirectoryIds(source.Id);
        long root = ids.Next(), sub = ids.Next();
        EntryStat file = new() { Kind = EntryKind.File, Size = 7, Mode = 0x1a4, Mtime = Start },
            directory = new() { Kind = EntryKind.Directory, Mtime = Start };
        writer.Begin();
        writer.InsertDirectory(n, source.RootDirectory, "root"u8, root);
        writer.Revisions.Insert(source.RootDirectory, "root"u8, n, directory, 0, default);
        writer.Revisions.Insert(root, "a.txt"u8, n, file, 0, default);
        writer.Revisions.Insert(root, "sub"u8, n, directory, 0, default);
        writer.InsertDirectory(n, root, "sub"u8, sub);
        writer.Revisions.Insert(sub, "b.txt"u8, n, file, 0, default);
        writer.Snapshots.Complete(source.Id, n, CatalogFixture.Snapshot(source, Start, Start, default), CatalogFixture.Name(n));
        writer.Commit();
    }

    private static List<string> Query(CatalogFixture fixture, string sql)
    {
        var lines = new List<string>();
        CatalogSql.Query(fixture.Path, sql, _ => { }, row => lines.Add(string.Join(' ', row)));
        return lines;
    }
}
