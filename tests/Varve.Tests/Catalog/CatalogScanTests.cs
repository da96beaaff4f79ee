using System.Text;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Catalog;

/// <summary>A search by several threads beside the same one by one.</summary>
public sealed class CatalogScanTests : IDisposable
{
    private readonly CatalogFixture _fixture = new();

    public CatalogScanTests() => CatalogHistoryTests.Play(_fixture, new Random(7), 14);

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("*", 1)]
    [InlineData("*", 3)]
    [InlineData("*", 40)]
    [InlineData("[a-c]", 1)]
    [InlineData("a/**", 2)]
    [InlineData("nothing", 1)]
    [InlineData("*", 1_000_000)]
    public void Several_threads_find_what_one_finds_in_the_same_order(string pattern, long rows)
    {
        Glob glob = Glob.Parse(pattern);
        foreach (SourceRow source in Sources())
        {
            var expected = new List<string>();
            using (CatalogReader reader = _fixture.File.OpenReader())
            {
                reader.Search.Find(glob, source.Id, (in MatchedRevision r) =>
                {
                    if (IsOdd(in r)) { expected.Add(Text(in r)); }
                    return true;
                });
            }

            Assert.Equal(expected, Scan(glob, source.Id, IsOdd, rows));
            if (pattern == "*") { Assert.NotEmpty(expected); }
        }
    }

    [Fact]
    public void Ranges_cover_every_directory_and_are_about_as_large_as_was_asked()
    {
        using CatalogReader reader = _fixture.File.OpenReader();
        foreach (SourceRow source in Sources())
        {
            IReadOnlyList<long> cuts = reader.Search.Cuts(source.Id, 5);
            Assert.Equal(cuts.Order(), cuts);
            Assert.True(cuts.Count > 3);
            Assert.Equal(2, reader.Search.Cuts(source.Id, 1_000_000).Count);
        }
    }

    [Fact]
    public void Who_has_enough_ends_it()
    {
        int calls = 0;
        Within.Run(() => CatalogScan.Run(_fixture.File, Glob.Parse("*"), Sources()[0].Id, static (in MatchedRevision _) => true,
            (in MatchedRevision _) => ++calls < 3, 1, 3, CancellationToken.None));
        Assert.Equal(3, calls);
    }

    [Fact]
    public void An_error_of_who_takes_what_was_found_comes_out_and_all_threads_end()
    {
        Within.Run(() => Assert.Throws<InvalidDataException>(() => CatalogScan.Run(_fixture.File, Glob.Parse("*"), Sources()[0].Id,
            static (in MatchedRevision _) => true, static (in MatchedRevision _) => throw new InvalidDataException(), 1, 3,
            CancellationToken.None)));
    }

    [Fact]
    public void Damage_in_one_range_is_told_and_nothing_of_that_range_is_found()
    {
        long source = Sources()[0].Id;
        List<string> before = Scan(Glob.Parse("*"), source, static (in MatchedRevision _) => true, 1);
        using (SqliteConnection connection = SqliteConnection.Open(_fixture.Path, 2, 1000))
        {
            connection.Run($"UPDATE revision SET size = size + 1 WHERE dir = (SELECT max(dir) FROM revision WHERE dir < {(source + 1) << 40})");
        }

        var found = new List<string>();
        VarveException e = Within.Run(() => Assert.Throws<VarveException>(() => CatalogScan.Run(_fixture.File, Glob.Parse("*"), source,
            static (in MatchedRevision _) => true, (in MatchedRevision r) => Add(found, in r), 1, 3, CancellationToken.None)));
        Assert.Equal(ErrorKind.Damaged, e.Kind);
        Assert.Equal(before[..found.Count], found);
        Assert.True(found.Count < before.Count);
    }

    [Fact]
    public void What_others_write_meanwhile_is_not_seen_by_any_thread()
    {
        SourceRow source = Sources()[0];
        List<string> before = Scan(Glob.Parse("*"), source.Id, static (in MatchedRevision _) => true, 1);
        int calls = 0;
        List<string> beside = Scan(Glob.Parse("*"), source.Id, (in MatchedRevision _) =>
        {
            if (Interlocked.Increment(ref calls) == 1) { CatalogHistoryTests.Play(_fixture, new Random(8), 3); }
            return true;
        }, 1);
        Assert.Equal(before, beside);
        Assert.NotEqual(before, Scan(Glob.Parse("*"), source.Id, static (in MatchedRevision _) => true, 1));
    }

    private List<SourceRow> Sources()
    {
        using CatalogReader reader = _fixture.File.OpenReader();
        return [.. reader.Sources()];
    }

    private List<string> Scan(Glob glob, long source, RevisionVisitor fits, long rows)
    {
        var found = new List<string>();
        Within.Run(() => CatalogScan.Run(
            _fixture.File, glob, source, fits, (in MatchedRevision r) => Add(found, in r), rows, 3, CancellationToken.None));
        return found;
    }

    private static bool IsOdd(in MatchedRevision r) => r.Stat.Inode % 2 == 1;

    private static bool Add(List<string> found, in MatchedRevision r)
    {
        found.Add(Text(in r));
        return true;
    }

    private static string Text(in MatchedRevision r) =>
        $"{r.Source} {r.Directory} {Encoding.ASCII.GetString(r.Name)} {Encoding.ASCII.GetString(r.Path)} {r.First} {r.Last} {r.Stat} "
        + $"{r.Flags} " + Convert.ToHexString(r.Details);
}
