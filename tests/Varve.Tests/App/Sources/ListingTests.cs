using System.Text.Json;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.App.Sources;

/// <summary>Lists that are narrowed, sorted and summed up.</summary>
public sealed class ListingTests : IDisposable
{
    private readonly Person _me = new();

    public void Dispose() => _me.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sums_of_directories_are_those_of_the_files_below_them(bool isRecursive)
    {
        string tree = _me["tree"];
        Directory.CreateDirectory(tree);
        ChangingTree.Create(tree);
        _me.Run("backup", tree);
        List<JsonElement> listed = _me.Lines(["ls", "--sums", .. isRecursive ? (string[])["-R"] : []]);
        Assert.Equal(Directory.EnumerateFileSystemEntries(tree, "*", new EnumerationOptions
        {
            RecurseSubdirectories = isRecursive, AttributesToSkip = 0,
        }).Count(), listed.Count);
        foreach (JsonElement entry in listed.Where(static e => e.GetProperty("kind").GetString() is "file" or "directory"))
        {
            string path = Path.Combine(tree, entry.GetProperty("path").GetString()!);
            Assert.Equal(SizeOf(path), entry.GetProperty("total").GetInt64());
        }

        JsonElement largest = _me.Lines("ls", "--sums", "--sort", "size")[0];
        Assert.Equal(listed.Max(static e => e.GetProperty("total").GetInt64()), largest.GetProperty("total").GetInt64());
        Assert.False(_me.Lines("ls")[0].TryGetProperty("total", out _));
    }

    [Fact]
    public void A_directory_below_the_root_and_a_file_alone_have_sums_too()
    {
        _me.Write("tree/dir/deep/a", "12345");
        _me.Write("tree/dir/b", "123");
        _me.Run("backup", _me["tree"]);
        Assert.Equal(["dir/b 3", "dir/deep 5"], Totals("ls", "--sums", "latest:dir"));
        Assert.Equal(["dir/deep/a 5"], Totals("ls", "--sums", "latest:dir/deep/a"));
        Assert.Equal(["dir 8"], Totals("ls", "--sums"));
        Assert.Equal("8 B  dir/\n", _me.Run("ls", "--sums"));
        Assert.Equal(["dir/deep 5", "dir/b 3"], Totals("ls", "--sums", "--sort", "size", "latest:dir"));
    }

    [Fact]
    public void Entries_are_sorted_by_size_and_time()
    {
        _me.Write("tree/a", "1");
        _me.Write("tree/b", "123");
        _me.Write("tree/c", "12");
        foreach ((string name, int year) in (IEnumerable<(string, int)>)[("a", 2021), ("b", 2020), ("c", 2022)])
        {
            File.SetLastWriteTimeUtc(_me["tree/" + name], new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        _me.Run("backup", _me["tree"]);
        Assert.Equal("a\nb\nc\n", _me.Run("ls"));
        Assert.Equal("b\nc\na\n", _me.Run("ls", "--sort", "size"));
        Assert.Equal("c\na\nb\n", _me.Run("ls", "--sort", "time"));
        Assert.Equal(2, _me.Try("ls", "--sort", "colour"));
    }

    [Fact]
    public void Snapshots_are_narrowed_by_time_and_path_and_sorted()
    {
        string docs = _me.Write("docs/a", "text"), art = _me.Write("art/large", new string('x', 10_000));
        _me.Run("backup", docs);
        FileClock.Settle();
        _me.Run("backup", art);
        _me.Write("docs/b", "more");
        _me.Run("backup", docs);
        Assert.Equal(["docs", "art", "docs"], Sources("snapshots"));
        Assert.Equal(["art", "docs", "docs"], Sources("snapshots", "--sort", "name"));
        Assert.Equal(["art", "docs", "docs"], Sources("snapshots", "--sort", "size"));
        Assert.Equal(["docs", "docs"], Sources("snapshots", "--path", docs + "/never"));
        Assert.Equal(["docs", "docs"], Sources("snapshots", "--path", docs + "/"));
        Assert.Empty(Sources("snapshots", "--path", _me["."]));
        Assert.Equal(3, Sources("snapshots", "--since", "yesterday").Count);
        Assert.Equal(3, Sources("snapshots", "--until", "now").Count);
        Assert.Empty(Sources("snapshots", "--until", "yesterday"));
        Assert.Equal(["docs"], Sources("snapshots", "--path", docs, "--last", "1"));
    }

    private List<string> Sources(params string[] args) => [.. _me.Lines(args).Select(static s => s.GetProperty("source").GetString()!)];

    private List<string> Totals(params string[] args) =>
        [.. _me.Lines(args).Select(static e => $"{e.GetProperty("path").GetString()} {e.GetProperty("total").GetInt64()}")];

    private static long SizeOf(string path) => !Directory.Exists(path) ? new FileInfo(path).Length
        : new DirectoryInfo(path).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(static f => f.LinkTarget is null).Sum(static f => f.Length);
}
