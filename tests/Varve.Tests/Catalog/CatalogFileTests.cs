using System.Diagnostics;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Catalog;

[Trait("Does", "race")]
public sealed class CatalogFileTests
{
    // A gate of the child of these tests; and rows enough in a transaction for its pages to reach the log before it is committed.
    private const string InTransaction = "in-transaction";
    private const int InEach = 2000;

    [Fact]
    public void A_missing_or_empty_file_is_a_new_catalog()
    {
        using var fixture = new CatalogFixture();
        Assert.Equal(0, SourcesIn(fixture.File));
        CatalogHistoryTests.PutSource(fixture);
        Assert.Equal(1, SourcesIn(CatalogFile.Open(fixture.Path, fixture.Repository)));
        File.WriteAllBytes(fixture.Path + "2", []);
        Assert.Equal(0, SourcesIn(CatalogFile.Open(fixture.Path + "2", fixture.Repository)));
    }

    [Fact]
    public void Several_that_create_it_at_once_and_begin_to_use_it_all_get_the_same_one()
    {
        using var fixture = new CatalogFixture();
        for (int round = 0; round < 60; round++)
        {
            string path = $"{fixture.Path}.{round}";
            using var together = new Barrier(4);
            var failures = new Exception?[4];
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(t => new Thread(() =>
            {
                together.SignalAndWait();
                try
                {
                    CatalogFile file = CatalogFile.Open(path, fixture.Repository);
                    using (CatalogReader reader = file.OpenReader()) { Assert.True(reader.Snapshots().Count <= t + 4); }
                    using (CatalogWriter writer = file.OpenWriter())
                    {
                        writer.PutSource(CatalogFixture.Id(t), $"source {t}", "host", [(byte)t], [(byte)t]);
                    }
                }
                catch (Exception e) { failures[t] = e; }
            }))];
            foreach (Thread thread in threads) { thread.Start(); }
            foreach (Thread thread in threads) { thread.Join(); }
            Assert.True(Array.TrueForAll(failures, static f => f is null),
                $"round {round}: {string.Join("\n", failures.Where(static f => f is not null))}");
            using CatalogReader all = CatalogFile.Open(path, fixture.Repository).OpenReader();
            Assert.Equal(4, all.Sources().Count);
        }
    }

    private static int SourcesIn(CatalogFile file)
    {
        using CatalogReader reader = file.OpenReader();
        return reader.Sources().Count;
    }

    [Fact]
    public void The_catalog_of_another_repository_is_refused()
    {
        using var fixture = new CatalogFixture();
        VarveException e = Assert.Throws<VarveException>(() => CatalogFile.Open(fixture.Path, RepositoryId.Create()));
        Assert.Equal(ErrorKind.Damaged, e.Kind);
        Assert.Contains("another repository", e.Message);
    }

    [Theory]
    [InlineData("PRAGMA user_version=999")]
    [InlineData("PRAGMA application_id=1")]
    [InlineData("DELETE FROM meta")]
    [InlineData("DROP TABLE meta")]
    public void What_is_not_this_version_of_a_catalog_is_refused(string sql)
    {
        using var fixture = new CatalogFixture();
        using (SqliteConnection connection = SqliteConnection.Open(fixture.Path, 2, 1000)) { connection.Run(sql); }
        Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => CatalogFile.Open(fixture.Path, fixture.Repository)).Kind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(10_000)]
    public void What_is_not_a_database_is_refused_and_can_be_set_aside(int length)
    {
        using var fixture = new CatalogFixture();
        string path = fixture.Path + ".other";
        for (int n = 1; n <= 2; n++)
        {
            File.WriteAllText(path, new string('x', length));
            File.WriteAllText(path + "-wal", "log");
            Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => CatalogFile.Open(path, fixture.Repository)).Kind);
            Assert.Equal($"{path}.damaged-{n}", CatalogFile.SetAside(path));
            Assert.False(File.Exists(path) || File.Exists(path + "-wal"));
            Assert.Equal("log", File.ReadAllText($"{path}.damaged-{n}-wal"));
        }

        Assert.Equal(0, SourcesIn(CatalogFile.Open(path, fixture.Repository)));
    }

    [Fact]
    public void A_directory_that_does_not_exist_is_no_damage() =>
        Assert.Equal(ErrorKind.Storage,
        Assert.Throws<VarveException>(() => CatalogFile.Open("/nonexistent/varve/catalog.db", default)).Kind);

    [Fact]
    public void What_was_not_committed_is_not_there_in_a_copy_taken_in_mid_transaction()
    {
        using var fixture = new CatalogFixture();
        SourceRow source = CatalogHistoryTests.PutSource(fixture);
        using CatalogWriter writer = fixture.File.OpenWriter();
        writer.Begin();
        Insert(writer, source, 1, 0, 10);
        writer.Commit();
        writer.Begin();
        // More than the cache holds, so that uncommitted pages reach the log.
        Insert(writer, source, 1, 10, 6000);
        string copy = fixture.Path + ".copy";
        File.Copy(fixture.Path, copy);
        File.Copy(fixture.Path + "-wal", copy + "-wal");
        Assert.True(new FileInfo(copy + "-wal").Length > 8 << 20);
        using CatalogReader reader = CatalogFile.Open(copy, fixture.Repository).OpenReader();
        Assert.Equal(10, reader.Verify().Revisions);
        using CatalogReader live = fixture.File.OpenReader();
        Assert.Equal(10, live.Verify().Revisions);
        writer.Commit();
        Assert.Equal(6000, live.Verify().Revisions);
    }

    [Fact]
    public void A_killed_writer_leaves_what_it_committed()
    {
        const int commits = 3;
        using var fixture = new CatalogFixture();
        using var gates = new Gates(InTransaction);
        CatalogHistoryTests.PutSource(fixture);
        string self = typeof(CatalogFileTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet",
            [self, "-explicit", "only", "-method", $"{typeof(CatalogFileTests).FullName}.{nameof(Writes_until_killed)}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["VARVE_TEST_CATALOG"] = $"{fixture.Path}|{fixture.Repository}";
        start.Environment[Gate.Variable] = gates.Place;
        gates.Pass(InTransaction, commits);
        using Process child = Process.Start(start)!;
        gates.Await(InTransaction, child, commits + 1);
        child.Kill();
        child.WaitForExit();

        using CatalogReader reader = CatalogFile.Open(fixture.Path, fixture.Repository).OpenReader();
        Assert.Equal(commits * InEach, reader.Verify().Revisions);
    }

    /// <summary>The child of the test above, which kills it in the middle of a transaction.</summary>
    [Fact(Explicit = true)]
    public void Writes_until_killed()
    {
        string[] given = Environment.GetEnvironmentVariable("VARVE_TEST_CATALOG")!.Split('|');
        Assert.True(RepositoryId.TryParse(given[1], out RepositoryId repository));
        CatalogFile file = CatalogFile.Open(given[0], repository);
        using CatalogReader reader = file.OpenReader();
        SourceRow source = reader.Sources()[0];
        using CatalogWriter writer = file.OpenWriter();
        for (int i = 0; i < 100; i++)
        {
            int first = i * InEach, half = first + (InEach / 2);
            writer.Begin();
            Insert(writer, source, 1, first, half);
            Gate.Pass(InTransaction);
            Insert(writer, source, 1, half, first + InEach);
            writer.Commit();
        }

        Assert.Fail("nobody killed it");
    }

    private static void Insert(CatalogWriter writer, SourceRow source, long number, int from, int to)
    {
        byte[] details = new byte[10_000];
        for (int i = from; i < to; i++)
        {
            writer.Revisions.Insert(source.RootDirectory, System.Text.Encoding.ASCII.GetBytes($"{i:D8}"), number,
                new EntryStat { Kind = EntryKind.File }, 0, details);
        }
    }
}
