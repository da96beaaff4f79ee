using System.Text.Json;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Patterns as they are typed: what absolute ones mean, and what is said of one that matches nothing.</summary>
[Trait("Takes", "minutes")]
public sealed class PatternTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly string _source;

    public PatternTests() => _source = _desk.Source();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void An_absolute_exclude_is_exactly_that_path_whatever_the_root()
    {
        JsonElement run = Backup("--exclude", _source + "/letters", "--exclude", "/letters", "--exclude", "*.nothing");
        Assert.DoesNotContain("letters", Listed());
        Assert.Equal("""["/letters","*.nothing"]""", run.GetProperty("unmatchedExcludes").GetRawText());
        // Of a root that lies above.
        _desk.Varve.Succeed("backup", "--exclude", _source + "/letters", System.IO.Path.GetDirectoryName(_source)!, "--source", "above");
        string[] above = Listed("--source", "above");
        Assert.Contains("Documents", above);
        Assert.DoesNotContain("Documents/letters", above);
        // Recorded elsewhere, it is the recorded path that counts.
        run = Backup("--as", "/home/ada", "--exclude", "/home/ada/letters", "--exclude", _source + "/report.odt");
        Assert.DoesNotContain("letters", Listed("--source", "ada"));
        Assert.Equal([_source + "/report.odt"], run.GetProperty("unmatchedExcludes").EnumerateArray().Select(static p => p.GetString()));
    }

    [Fact]
    public void A_restore_takes_absolute_includes_and_excludes()
    {
        Backup();
        Restore("one", "--include", _source + "/letters", "--exclude", _source + "/letters/old");
        Assert.True(Directory.Exists(_desk["one/letters"]));
        Assert.False(Directory.Exists(_desk["one/letters/old"]) || File.Exists(_desk["one/report.odt"]));
        Restore("two", "latest:letters", "--include", _source + "/letters/old");
        Assert.True(Directory.Exists(_desk["two/old"]));
        Assert.Single(Directory.GetFileSystemEntries(_desk["two"]));
        Restore("three", "--include", "letters/", "--include", "report.odt/");
        Assert.Equal(["letters"], Directory.GetFileSystemEntries(_desk["three"]).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public void A_restore_of_which_nothing_is_included_fails_and_leaves_nothing()
    {
        Backup();
        string[] line = ["restore", "--target", _desk["none"], "--include", "/letters", "--include", "*.nothing"];
        VarveResult none = _desk.Varve.Run([.. line]).Expect(1);
        Assert.Contains("has nothing that matches the patterns '/letters', '*.nothing'; nothing was restored", none.Error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_desk["none"]));
        Directory.CreateDirectory(_desk["empty"]);
        _desk.Varve.Run("restore", "--target", _desk["empty"], "--include", "*.nothing").Expect(1);
        Assert.Empty(Directory.GetFileSystemEntries(_desk["empty"]));
        VarveResult some = Restore("some", "--include", "letters", "--include", "*.nothing", "--exclude", "old");
        Assert.EndsWith("\nvarve: the pattern '*.nothing' matches nothing in the snapshot\n", some.Error, StringComparison.Ordinal);
        JsonElement json = _desk.Varve.Succeed("restore", "--json", "--target", _desk["json"], "--include", "letters", "--include",
            "letters/to-anna.txt", "--include", "x", "--exclude", "y").Object;
        Assert.Equal("""["x"]""", json.GetProperty("unmatchedIncludes").GetRawText());
        Assert.Equal("""["y"]""", json.GetProperty("unmatchedExcludes").GetRawText());
    }

    [Fact]
    public void Find_takes_absolute_paths_and_such_as_begin_where_it_is_typed()
    {
        Backup();
        string[] letter = [.. Found(_source + "/letters/to-anna.txt")];
        Assert.Equal(["letters/to-anna.txt"], letter);
        Assert.Empty(Found("/letters/to-anna.txt"));
        Assert.Equal([""], Found(_source));
        Assert.Equal(letter, Found(_source + "/*/to-anna.txt"));
        var here = new VarveProcess(_desk.Varve.Home) { Before = $"cd '{_source}/letters'; " };
        Assert.Equal(letter, Paths(here.Succeed("find", "--json", "./to-anna.txt")));
        Assert.Equal(["report.odt"], Paths(here.Succeed("find", "--json", "../report.odt")));
        here.Succeed("restore", "--target", _desk["here"], "--include", "./to-anna.txt");
        Assert.True(File.Exists(_desk["here/letters/to-anna.txt"]));
    }

    [Fact]
    public void An_exclude_without_a_value_is_a_usage_error()
    {
        VarveResult result = _desk.Varve.Run("backup", _source, "--exclude").Expect(2);
        Assert.StartsWith("varve: backup: --exclude needs a value: --exclude RULE\n", result.Error, StringComparison.Ordinal);
        _desk.Varve.Run("backup", _source, "--exclude", "").Expect(2);
    }

    private JsonElement Backup(params string[] options) => _desk.Varve.Succeed(["backup", "--json", _source, .. options]).Json[^1];

    private VarveResult Restore(string target, params string[] options) =>
        _desk.Varve.Succeed(["restore", "--target", _desk[target], .. options]);

    private string[] Listed(params string[] options) => [.. Paths(_desk.Varve.Succeed(["ls", "-R", "--json", .. options]))];

    private IEnumerable<string> Found(string pattern) => Paths(_desk.Varve.Succeed("find", "--json", pattern));

    private static IEnumerable<string> Paths(VarveResult result) => result.Json.Select(static j => j.GetProperty("path").GetString()!);
}
