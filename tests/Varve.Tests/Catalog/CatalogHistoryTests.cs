using System.Text;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Catalog;

public sealed class CatalogHistoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(24)]
    [InlineData(44)]
    public void Every_snapshot_reads_back_as_the_tree_stood(int seed)
    {
        using var fixture = new CatalogFixture();
        var random = new Random(seed);
        (SourceRow source, Dictionary<long, SortedDictionary<string, string>> expected, int kills) = Play(fixture, random, 50);
        Assert.Equal(50, expected.Count);
        Assert.InRange(kills, 4, 1000);
        using CatalogReader reader = fixture.File.OpenReader();
        foreach ((long number, SortedDictionary<string, string> tree) in expected) { Assert.Equal(tree, ReadTree(reader, source, number)); }
        reader.Verify();
        Intervals_of_a_name_do_not_overlap(fixture, reader);
    }

    [Fact]
    public void An_unchanged_tree_costs_no_write()
    {
        using var fixture = new CatalogFixture();
        var random = new Random(11);
        var model = new ModelTree(random);
        model.Mutate(300);
        SourceRow source = PutSource(fixture);
        for (int i = 0; i < 5; i++)
        {
            using var run = new MiniBackup(fixture.File, source, model.Now, random, int.MaxValue);
            Assert.True(run.Run(model.Root, model.Now));
            Assert.Equal(i == 0, run.Writes > 0);
            Assert.Equal(0, run.Reads);
            model.Mutate(0);
        }

        using CatalogReader reader = fixture.File.OpenReader();
        Assert.Equal(model.Flatten().Count, reader.Verify().Revisions);
    }

    [Fact]
    public void A_digest_does_not_outlive_the_rows_it_was_recorded_with()
    {
        using var fixture = new CatalogFixture();
        (CatalogWriter writer, long parent, long child) = TwoDirectories(fixture);
        using CatalogReader reader = fixture.File.OpenReader();
        Assert.True(HasDigest(reader, parent, "child"));
        writer.Begin();
        writer.Revisions.Insert(child, "x"u8, 1, default, 0, default);
        writer.UpdateDirectory(parent, "child"u8, Row(child));
        writer.Commit();
        Assert.True(HasDigest(reader, parent, "child"));
        writer.Begin();
        writer.UpdateDirectory(parent, "child"u8, Row(child));
        writer.Revisions.Close(child, "x"u8, 1, 2);
        writer.Commit();
        Assert.False(HasDigest(reader, parent, "child"));
        writer.Dispose();
    }

    [Fact]
    public void A_tree_does_not_outlive_the_trees_below()
    {
        using var fixture = new CatalogFixture();
        (CatalogWriter writer, long parent, long child) = TwoDirectories(fixture);
        using CatalogReader reader = fixture.File.OpenReader();
        Assert.False(reader.GetDirectory(1L << 40, "parent"u8).Tree.IsNone);
        writer.Begin();
        writer.UpdateDirectory(parent, "child"u8, Row(child));
        writer.Commit();
        DirectoryRow row = reader.GetDirectory(1L << 40, "parent"u8);
        Assert.True(row.Tree.IsNone);
        Assert.False(row.Digest.IsZero);
        Assert.False(reader.GetDirectory(parent, "child"u8).Tree.IsNone);
        writer.Dispose();
    }

    [Fact]
    public void A_tree_outlives_that_one_below_was_found_to_be_what_it_was()
    {
        using var fixture = new CatalogFixture();
        (CatalogWriter writer, long parent, long child) = TwoDirectories(fixture);
        using CatalogReader reader = fixture.File.OpenReader();
        DirectoryRow row = reader.GetDirectory(1L << 40, "parent"u8);
        writer.Begin();
        writer.UpdateDirectory(parent, "child"u8, Row(child) with { Recorded = 2 }, treeStands: true);
        writer.Commit();
        Assert.Equal(2, reader.GetDirectory(parent, "child"u8).Recorded);
        Assert.Equal(row, reader.GetDirectory(1L << 40, "parent"u8));
        writer.Dispose();
    }

    [Fact]
    public void An_abandoned_run_leaves_the_rows_as_they_were()
    {
        for (int seed = 0; seed < 15; seed++)
        {
            using var fixture = new CatalogFixture();
            var random = new Random(seed);
            var model = new ModelTree(random);
            model.Mutate(100);
            SourceRow source = PutSource(fixture);
            using (var run = new MiniBackup(fixture.File, source, model.Now, random, int.MaxValue))
            {
                Assert.True(run.Run(model.Root, model.Now));
            }
            List<string> before = Dump(fixture);
            model.Mutate(60);
            using (var run = new MiniBackup(fixture.File, source, model.Now, random, random.Next(5, 40)))
            {
                run.Run(model.Root, model.Now);
            }
            using (CatalogWriter writer = fixture.File.OpenWriter())
            {
                using CatalogReader reader = fixture.File.OpenReader();
                if (reader.Unfinished(source.Id) == null) { continue; }
                Assert.True(writer.Snapshots.Abandon(source.Id));
                Assert.False(writer.Snapshots.Abandon(source.Id));
                Assert.Null(reader.Unfinished(source.Id));
                reader.Verify();
            }

            Assert.Equal(before, Dump(fixture));
            using var next = new MiniBackup(fixture.File, source, model.Now, random, int.MaxValue);
            Assert.Equal(3, next.Row.Number);
            Assert.True(next.Run(model.Root, model.Now));
            using CatalogReader after = fixture.File.OpenReader();
            Assert.Equal(model.Flatten(), ReadTree(after, source, 3));
        }
    }

    private static (CatalogWriter Writer, long Parent, long Child) TwoDirectories(CatalogFixture fixture)
    {
        SourceRow source = PutSource(fixture);
        CatalogWriter writer = fixture.File.OpenWriter();
        DirectoryIds ids = writer.DirectoryIds(source.Id);
        long parent = ids.Next(), child = ids.Next();
        writer.Begin();
        writer.InsertDirectory(1, source.RootDirectory, "parent"u8, parent);
        writer.InsertDirectory(1, parent, "child"u8, child);
        writer.UpdateDirectory(parent, "child"u8, Row(child));
        writer.UpdateDirectory(source.RootDirectory, "parent"u8, Row(parent));
        writer.Commit();
        return (writer, parent, child);
    }

    private static DirectoryRow Row(long id) =>
        new(id, 1, CatalogFixture.Id(1), new ChunkId(CatalogFixture.Id(2)), default, default, default);

    private static bool HasDigest(CatalogReader reader, long parent, string name) =>
        !reader.GetDirectory(parent, Encoding.ASCII.GetBytes(name)).Digest.IsZero;

    internal static SourceRow PutSource(CatalogFixture fixture)
    {
        using CatalogWriter writer = fixture.File.OpenWriter();
        return writer.PutSource(CatalogFixture.Id(1), "home", "host", "/home/u"u8, "/home/u"u8);
    }

    internal static (SourceRow Source, Dictionary<long, SortedDictionary<string, string>> Expected, int Kills) Play(CatalogFixture fixture,
        Random random, int snapshots)
    {
        var model = new ModelTree(random);
        SourceRow source = PutSource(fixture);
        var expected = new Dictionary<long, SortedDictionary<string, string>>();
        int kills = 0;
        model.Mutate(60);
        while (expected.Count < snapshots)
        {
            int life = random.Next(2) == 0 ? random.Next(40) : int.MaxValue;
            bool completed;
            using (var run = new MiniBackup(fixture.File, source, model.Now, random, life))
            {
                completed = run.Run(model.Root, model.Now);
                if (completed) { expected.Add(run.Row.Number, model.Flatten()); } else { kills++; }
            }

            if (!completed && random.Next(6) == 0)
            {
                using CatalogWriter writer = fixture.File.OpenWriter();
                Assert.True(writer.Snapshots.Abandon(source.Id));
            }

            // Sometimes nothing happens before a killed run is taken up.
            model.Mutate(random.Next(completed ? 60 : 12));
        }

        return (source, expected, kills);
    }

    internal static SortedDictionary<string, string> ReadTree(CatalogReader reader, SourceRow source, long number)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var table = new EntryTable();
        reader.ReadDirectoryAt(source.RootDirectory, number, table);
        Assert.Equal(1, table.Count);
        all.Add("", ModelTree.Describe(table.Stat(0), table.Details(0)));
        ReadBelow(reader, reader.GetDirectory(source.RootDirectory, "root"u8).Id, "", number, all);
        return all;
    }

    private static void ReadBelow(CatalogReader reader, long directory, string path, long number, SortedDictionary<string, string> all)
    {
        var table = new EntryTable();
        reader.ReadDirectoryAt(directory, number, table);
        for (int i = 0; i < table.Count; i++)
        {
            string below = path + "/" + Encoding.ASCII.GetString(table.Name(i));
            all.Add(below, ModelTree.Describe(table.Stat(i), table.Details(i)));
            if (table.Stat(i).Kind == EntryKind.Directory)
            {
                ReadBelow(reader, reader.GetDirectory(directory, table.Name(i)).Id, below, number, all);
            }
        }
    }

    private static List<string> Dump(CatalogFixture fixture)
    {
        var lines = new List<string>();
        CatalogSql.Query(fixture.Path,
            "SELECT dir, last, hex(name), first, kind, size, ctime, inode, hex(details), sum FROM revision ORDER BY 1,2,3,4", _ => { },
            row => lines.Add(string.Join(' ', row)));
        return lines;
    }

    private static void Intervals_of_a_name_do_not_overlap(CatalogFixture fixture, CatalogReader reader)
    {
        var table = new EntryTable();
        CatalogSql.Query(fixture.Path, "SELECT DISTINCT dir FROM revision", _ => { }, row =>
        {
            reader.ReadDirectoryHistory((long)row[0]!, table);
            for (int i = 0; i < table.Count; i++)
            {
                Assert.True(table.First(i) < table.Last(i));
                if (i > 0 && table.Name(i).SequenceEqual(table.Name(i - 1))) { Assert.True(table.Last(i - 1) <= table.First(i)); }
            }
        });
        // What is current lies below what is current.
        CatalogSql.Query(fixture.Path, """
            SELECT count(*) FROM revision r JOIN directory d ON d.id = r.dir WHERE r.last = 0
            AND NOT EXISTS (SELECT 1 FROM revision p WHERE p.dir = d.parent AND p.last = 0 AND p.name = d.name AND p.kind = 2)
            """, _ => { }, row => Assert.Equal(0L, row[0]));
    }
}
