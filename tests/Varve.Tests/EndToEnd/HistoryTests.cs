using System.Text.Json;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>What happened to a file, and what differs between two snapshots, as people ask for it.</summary>
public sealed class HistoryTests : IDisposable
{
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_difference_is_a_letter_a_path_and_what_of_it_is_another()
    {
        Change();
        Assert.Equal("""
            > a report.odt  [was report.odt]
            m empty  [mode 0644 -> 0600]
            M letters/to-anna.txt  [9 B -> 16 B, mtime]
            > other/  [was letters/old/]
            + third
            1 new (7 B), 1 changed (9 B -> 16 B), 1 in metadata only, 2 moved

            """.ReplaceLineEndings("\n"), _desk.Varve.Succeed("diff", "latest~1", "latest").Text);
        Assert.Equal("M letters/to-anna.txt  [9 B -> 16 B, mtime]\n1 changed (9 B -> 16 B)\n",
            _desk.Varve.Succeed("diff", "latest~1", "latest", "letters/to-anna.txt").Text);
        Assert.Equal("1 changed (16 B -> 9 B), 1 in metadata only, 2 moved, 1 gone (7 B)\n",
            _desk.Varve.Succeed("diff", "latest", "latest~1", "--stat").Text);
        Assert.Equal("no differences\n", _desk.Varve.Succeed("diff", "latest", "latest").Text);
        JsonElement totals = _desk.Varve.Succeed("diff", "latest~1", "latest", "--stat", "--json").Object;
        Assert.Equal(("totals", 1, 2), (totals.GetProperty("type").GetString(), totals.GetProperty("new").GetInt32(),
            totals.GetProperty("moved").GetInt32()));
    }

    [Fact]
    public void A_history_names_each_revision_so_that_it_can_be_pasted()
    {
        Change();
        IReadOnlyList<JsonElement> revisions = _desk.Varve.Succeed("history", _desk["Documents/a report.odt"], "--json").Json;
        Assert.Equal(["report.odt", "a report.odt"], revisions.Select(static r => r.GetProperty("path").GetString()));
        string[] lines = _desk.Varve.Succeed("history", "letters/to-anna.txt").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Matches("^[0-9: -]{19} +[0-9: -]{19} +9 B +new ", lines[1]);
        Assert.Matches("^[0-9: -]{19} +now +16 B +content, mtime +[0-9a-f]{8}:letters/to-anna.txt$", lines[2]);
        string pasted = lines[1][(lines[1].LastIndexOf(' ') + 1)..];
        Assert.Equal("dear Anna", _desk.Varve.Succeed("dump", pasted).Text);
        VarveResult none = _desk.Varve.Run("history", "never/there").Expect(1);
        Assert.Contains("never/there is in no snapshot", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_finds_source_and_snapshot_by_a_path()
    {
        Change();
        string now = _desk["Documents/letters/to-anna.txt"];
        Assert.Equal("dear Anna, again", _desk.Varve.Succeed("dump", "--at", "now", now).Text);
        Assert.Equal("dear Anna", _desk.Varve.Succeed("dump", "latest~1:" + now).Text);
        Assert.Equal("dear Anna, again", _desk.Varve.Succeed("dump", "@today:" + now).Text);
        string target = _desk["target"];
        VarveResult old = _desk.Varve.Run("restore", "--at", "3 weeks ago", now, "--target", target).Expect(1);
        Assert.Contains("has no snapshot that old", old.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
        Assert.Contains("names no time", _desk.Varve.Run("ls", "@the day before").Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal("dear Anna, again", In("Documents/letters").Succeed("dump", "--at", "now", "to-anna.txt").Text);
        Assert.Equal("dear Anna, again", In("Documents").Succeed("dump", "--at", "now", "letters/to-anna.txt").Text);
        Assert.Equal("dear Anna, again", In("Documents/other").Succeed("dump", "--at", "now", "../letters/to-anna.txt").Text);
        Assert.Contains("1 changed", In("Documents/letters").Succeed("diff", "latest~1", "latest", "./to-anna.txt").Text,
            StringComparison.Ordinal);
        VarveResult twice = _desk.Varve.Run("ls", "--at", "now", "latest:letters").Expect(2);
        Assert.Contains("only a path goes with it", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_is_compared_with_the_files_as_they_are_now()
    {
        string source = _desk.Source();
        _desk.Write("Documents/x.tmp", "tmp");
        _desk.Varve.Succeed("backup", source, "--exclude", "*.tmp");
        Assert.Equal("1 left out of the snapshot on purpose\n", _desk.Varve.Succeed("diff", "latest").Text);
        _desk.Write("Documents/letters/to-anna.txt", "dear Anna, again");
        _desk.Write("Documents/new.txt", "new");
        _desk.Write("Documents/later.tmp", "tmp");
        Directory.Move(_desk["Documents/letters/old"], _desk["Documents/other"]);
        string[] told = _desk.Varve.Succeed("diff", "latest", "--content").Text.Split('\n');
        Assert.StartsWith("M letters/to-anna.txt", told[0], StringComparison.Ordinal);
        Assert.Equal(["+ new.txt", "> other/  [was letters/old/]"], told[1..3]);
        Assert.Contains("2 left out of the snapshot on purpose", told[3], StringComparison.Ordinal);
        Assert.Contains("1 changed", In("Documents/letters").Succeed("diff", "latest:" + source + "/letters").Text, StringComparison.Ordinal);
        JsonElement totals = _desk.Varve.Succeed("diff", "latest", "--stat", "--json").Object;
        Assert.Equal((JsonValueKind.Null, 2), (totals.GetProperty("after").ValueKind, totals.GetProperty("leftOut").GetInt32()));
        string target = _desk["target"];
        _desk.Varve.Succeed("restore", "latest", "--target", target);
        Assert.Equal("no differences\n", _desk.Varve.Succeed("diff", "latest", "--with", target, "--content").Text);
        Assert.Equal("no differences\n", _desk.Varve.Succeed("diff", "latest:letters", "--with", target + "/letters").Text);
        var elsewhere = new VarveProcess(_desk["home"]) { Environment = { ["VARVE_HOST"] = "elsewhere" } };
        VarveResult other = elsewhere.Run("diff", "latest").Expect(2);
        Assert.Contains("is of another host", other.Error, StringComparison.Ordinal);
        Assert.Contains("--with DIR", other.Error, StringComparison.Ordinal);
        _desk.Varve.Run("diff", "latest", "latest", "--content").Expect(2);
    }

    [Fact]
    public void Lines_are_found_in_what_a_file_had_and_files_by_their_content()
    {
        Change();
        string[] lines = _desk.Varve.Succeed("grep", "Anna", "letters/to-anna.txt").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches("^[0-9a-f]{8}:letters/to-anna.txt:1:dear Anna$", lines[0]);
        Assert.Matches("^[0-9a-f]{8}:letters/to-anna.txt:1:dear Anna, again$", lines[1]);
        Assert.Single(In("Documents/letters").Succeed("grep", "-iE", "A.*AGAIN$", "./to-anna.txt", "--json").Json);
        Assert.Contains("no line of it has that", _desk.Varve.Run("grep", "Bob", "letters/to-anna.txt").Expect(1).Error,
            StringComparison.Ordinal);
        Assert.Contains("is no regular expression", _desk.Varve.Run("grep", "-E", "(", "letters/to-anna.txt").Expect(2).Error,
            StringComparison.Ordinal);
        _desk.Write("wanted", "dear Anna");
        JsonElement found = Assert.Single(In(".").Succeed("find", "--same-as", "wanted", "--json").Json);
        Assert.Equal("letters/to-anna.txt", found.GetProperty("path").GetString());
        Assert.False(found.GetProperty("current").GetBoolean());
        Assert.Contains("cannot be read", _desk.Varve.Run("find", "--same-as", "/nowhere").Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_sources_are_compared_each_by_its_own_path()
    {
        string one = _desk["one"], two = _desk["two"];
        foreach (string source in (string[])[one, two])
        {
            Directory.CreateDirectory(source);
            File.WriteAllText(Path.Combine(source, "x"), source);
            _desk.Varve.Succeed("backup", source);
        }

        Assert.Contains("M x", _desk.Varve.Succeed("diff", one, two).Text, StringComparison.Ordinal);
        Assert.Contains("M x", _desk.Varve.Succeed("diff", "latest:" + one, "latest:" + two + "/").Text, StringComparison.Ordinal);
        Assert.Contains("two paths", _desk.Varve.Run("diff", "latest:" + one + "/x", "latest:" + two).Expect(2).Error,
            StringComparison.Ordinal);
    }

    private VarveProcess In(string directory) => new(_desk["home"]) { Before = $"cd '{_desk[directory]}'; " };

    private void Change()
    {
        string source = _desk.Source();
        _desk.Varve.Succeed("backup", source);
        _desk.Write("Documents/letters/to-anna.txt", "dear Anna, again");
        File.Move(_desk["Documents/report.odt"], _desk["Documents/a report.odt"]);
        Directory.Move(_desk["Documents/letters/old"], _desk["Documents/other"]);
        File.SetUnixFileMode(_desk["Documents/empty"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _desk.Write("Documents/third", "a third");
        _desk.Varve.Succeed("backup", source);
    }
}
