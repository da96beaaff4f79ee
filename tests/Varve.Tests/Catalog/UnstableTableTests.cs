using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Catalog;

/// <summary>The list of unstable files in the catalog.</summary>
public sealed class UnstableTableTests : IDisposable
{
    private static readonly FileTime s_first = new(100, 1), s_second = new(200, 2);
    private readonly CatalogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_file_keeps_since_when_it_is_listed_and_counts_runs_once_each()
    {
        SourceRow source = Fill();
        using CatalogReader reader = _fixture.File.OpenReader();
        IReadOnlyList<UnstableRow> rows = reader.Unstable(source.Id);
        Assert.Equal(["a", "b"], rows.Select(static r => System.Text.Encoding.ASCII.GetString(r.Name)));
        Assert.Equal((source.RootDirectory, UnstableReason.Torn, s_first, 2L),
            (rows[0].Directory, rows[0].Reason, rows[0].Since, rows[0].Runs));
        Assert.Equal((UnstableReason.Moving, s_second, 1L), (rows[1].Reason, rows[1].Since, rows[1].Runs));
        Assert.Equal("a"u8.ToArray(), Assert.Single(reader.Unstable(source.Id, most: 1)).Name);
        Assert.Empty(reader.Unstable(source.Id + 1));
        reader.Verify();
    }

    [Fact]
    public void What_is_rolled_back_never_was()
    {
        SourceRow source = Fill();
        using (CatalogWriter writer = _fixture.File.OpenWriter())
        {
            writer.Begin();
            writer.Unstable.Remove(source.RootDirectory, "a"u8);
            writer.Unstable.Remove(source.RootDirectory, "b"u8);
            writer.Unstable.Remove(source.RootDirectory, "never there"u8);
            writer.Rollback();
            writer.Begin();
            writer.Unstable.Remove(source.RootDirectory, "b"u8);
            writer.Commit();
        }

        using CatalogReader reader = _fixture.File.OpenReader();
        Assert.Equal("a"u8.ToArray(), Assert.Single(reader.Unstable(source.Id)).Name);
    }

    [Theory]
    [InlineData("DELETE FROM unstable WHERE name = x'61'")]
    [InlineData("UPDATE unstable SET name = x'63' WHERE name = x'61'")]
    [InlineData("UPDATE unstable SET runs = runs + 1")]
    [InlineData("UPDATE unstable SET reason = reason + 256")]
    [InlineData("UPDATE unstable SET last_run = 9")]
    public void Damage_is_noticed(string sql)
    {
        SourceRow source = Fill();
        using (SqliteConnection connection = SqliteConnection.Open(_fixture.Path, 2, 1000)) { connection.Run(sql); }
        using CatalogReader reader = _fixture.File.OpenReader();
        Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => reader.Unstable(source.Id)).Kind);
        Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => reader.Verify()).Kind);
    }

    private SourceRow Fill()
    {
        using CatalogWriter writer = _fixture.File.OpenWriter();
        SourceRow source = writer.PutSource(CatalogFixture.Id(1), "s", "h", "/s"u8, "/s"u8);
        writer.Begin();
        writer.Unstable.Put(source.RootDirectory, "a"u8, UnstableReason.Moving, s_first, 1);
        writer.Unstable.Put(source.RootDirectory, "a"u8, UnstableReason.Moving, s_first, 1);
        writer.Commit();
        writer.Begin();
        writer.Unstable.Put(source.RootDirectory, "b"u8, UnstableReason.Moving, s_second, 2);
        writer.Unstable.Put(source.RootDirectory, "a"u8, UnstableReason.Torn, s_second, 2);
        writer.Commit();
        return source;
    }
}
