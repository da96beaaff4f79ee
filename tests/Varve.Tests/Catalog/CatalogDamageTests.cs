using System.Text;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Catalog;

/// <summary>A catalog gives the rows that were written, or says that it is damaged; never other rows.</summary>
public sealed class CatalogDamageTests
{
    private delegate void Damage(Random random, byte[] file);

    [Fact]
    public void Flipped_bits_are_never_believed() => Try(400, 10, (random, file) =>
    {
        for (int i = random.Next(1, 4); i > 0; i--) { file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8)); }
    });

    [Fact]
    public void Bytes_of_the_header_are_never_believed() => Try(200, 20, (random, file) => file[random.Next(200)] = (byte)random.Next(256));

    [Fact]
    public void Zeroed_ranges_are_never_believed() => Try(150, 50, (random, file) =>
    {
        int at = random.Next(file.Length);
        Array.Clear(file, at, Math.Min(random.Next(1, 8192), file.Length - at));
    });

    [Fact]
    public void A_page_in_the_place_of_another_is_never_believed() => Try(200, 100, (random, file) =>
    {
        int pages = file.Length / 4096;
        Array.Copy(file, random.Next(1, pages) * 4096, file, random.Next(1, pages) * 4096, 4096);
    });

    [Fact]
    public void A_row_that_vanished_is_noticed()
    {
        int noticed = 0, tried = 0;
        foreach (string table in new[] { "revision", "directory", "snapshot", "tally", "source" })
        {
            using var fixture = new CatalogFixture();
            Fill(fixture, out List<string> expected);
            int count = 0;
            CatalogSql.Query(fixture.Path, $"SELECT count(*) FROM {table}", _ => { }, row => count = (int)(long)row[0]!);
            for (int i = 0; i < count; i += 1 + count / 20)
            {
                string copy = fixture.Path + ".copy";
                File.Copy(fixture.Path, copy, overwrite: true);
                using (SqliteConnection connection = SqliteConnection.Open(copy, 2, 1000))
                {
                    string key = table switch
                    {
                        "revision" => "dir, last, name, first",
                        "directory" => "parent, name",
                        "snapshot" => "num",
                        _ => "id"
                    };
                    connection.Run($"DELETE FROM {table} WHERE ({key}) = (SELECT {key} FROM {table} LIMIT 1 OFFSET {i})");
                }

                // A killed run leaves directories that nothing leads to; without those the rows are still the true ones.
                noticed += IsNoticed(copy, fixture.Repository, expected) ? 1 : 0;
                tried++;
                CatalogFile.SetAside(copy);
            }
        }

        Assert.InRange(noticed, tried * 9 / 10, tried);
    }

    [Theory]
    [InlineData("UPDATE revision SET size = size + 1")]
    [InlineData("UPDATE revision SET mode = mode | 4294967296")]
    [InlineData("UPDATE revision SET details = x'00'")]
    [InlineData("UPDATE revision SET last = 1000 WHERE last = 0")]
    [InlineData("UPDATE directory SET recorded = recorded + 1")]
    [InlineData("UPDATE directory SET digest = zeroblob(31)")]
    [InlineData("UPDATE directory SET id = id + 100000")]
    [InlineData("UPDATE snapshot SET start = start + 1")]
    [InlineData("UPDATE source SET host = 'other'")]
    [InlineData("UPDATE tally SET total = total + 1")]
    public void A_changed_column_is_noticed(string sql)
    {
        using var fixture = new CatalogFixture();
        Fill(fixture, out _);
        using (SqliteConnection connection = SqliteConnection.Open(fixture.Path, 2, 1000)) { connection.Run(sql); }
        Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => ReadEverything(fixture.Path, fixture.Repository)).Kind);
    }

    private static void Try(int rounds, int noticedAtLeast, Damage damage)
    {
        using var fixture = new CatalogFixture();
        Fill(fixture, out List<string> expected);
        byte[] original = File.ReadAllBytes(fixture.Path);
        var random = new Random(99);
        int noticed = 0;
        for (int round = 0; round < rounds; round++)
        {
            byte[] bytes = [.. original];
            damage(random, bytes);
            string copy = fixture.Path + ".copy";
            foreach (string suffix in new[] { "", "-wal", "-shm" }) { File.Delete(copy + suffix); }
            File.WriteAllBytes(copy, bytes);
            noticed += IsNoticed(copy, fixture.Repository, expected) ? 1 : 0;
        }

        Assert.InRange(noticed, noticedAtLeast, rounds);
    }

    private static bool IsNoticed(string path, RepositoryId repository, List<string> expected)
    {
        try
        {
            Assert.Equal(expected, ReadEverything(path, repository));
            return false;
        }
        catch (VarveException e)
        {
            Assert.Equal(ErrorKind.Damaged, e.Kind);
            return true;
        }
    }

    private static void Fill(CatalogFixture fixture, out List<string> everything)
    {
        CatalogHistoryTests.Play(fixture, new Random(5), 12);
        everything = ReadEverything(fixture.Path, fixture.Repository);
    }

    /// <summary>What a backup, a listing and a search read, without <see cref="CatalogReader.Verify"/>'s help.</summary>
    private static List<string> ReadEverything(string path, RepositoryId repository)
    {
        var lines = new List<string>();
        CatalogFile file = CatalogFile.Open(path, repository);
        using CatalogReader reader = file.OpenReader();
        foreach (SourceRow source in reader.Sources())
        {
            lines.Add(
                $"{source.Id} {source.Uid} {source.Name} {source.Host} {Encoding.ASCII.GetString(source.Root)} "
                + $"{Encoding.ASCII.GetString(source.Canonical)}");
            foreach (SnapshotRow snapshot in reader.Snapshots(source.Id))
            {
                lines.Add(snapshot.ToString());
                if (snapshot.State != SnapshotState.Complete) { continue; }
                foreach ((string name, string stat) in CatalogHistoryTests.ReadTree(reader, source, snapshot.Number))
                {
                    lines.Add($"{name} {stat}");
                }
            }

            Current(reader, source.RootDirectory, lines);
        }

        var found = new List<string>();
        reader.Search.Find(Glob.Parse("[a-c]"), 0, (in MatchedRevision r) =>
        {
            found.Add($"{Encoding.ASCII.GetString(r.Path)} {r.First} {r.Last} {r.Stat.Inode}");
            return true;
        });
        foreach (SourceRow source in reader.Sources())
        {
            CatalogScan.Run(file, Glob.Parse("[a-c]"), source.Id, static (in MatchedRevision _) => true, (in MatchedRevision r) =>
            {
                found.Add($"{Encoding.ASCII.GetString(r.Path)} {r.First} {r.Last} {r.Stat.Inode}");
                return true;
            }, 4, 2, CancellationToken.None);
        }

        lines.AddRange(found);
        // No repository is without sources here: an emptied catalog is noticed by whoever looks for its source.
        return lines.Count > 0 ? lines : throw VarveException.Damaged(Subject.Catalog(), "it is empty");
    }

    private static void Current(CatalogReader reader, long directory, List<string> lines)
    {
        var table = new EntryTable();
        reader.ReadDirectory(directory, 0, table);
        for (int i = 0; i < table.Count; i++)
        {
            lines.Add(
                $"{directory} {Encoding.ASCII.GetString(table.Name(i))} {table.First(i)} {ModelTree.Describe(table.Stat(i), table.Details(i))}");
            if (table.Stat(i).Kind != EntryKind.Directory) { continue; }
            DirectoryRow row = reader.GetDirectory(directory, table.Name(i));
            lines.Add($"{row} {Encoding.ASCII.GetString(reader.PathOf(row.Id))}");
            Current(reader, row.Id, lines);
        }
    }
}
