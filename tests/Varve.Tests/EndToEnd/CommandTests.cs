using System.Text;
using System.Text.Json;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>The commands on a repository with a history of three snapshots, as a user types them.</summary>
[Trait("Takes", "minutes")]
public sealed class CommandTests(CommandTests.History history) : IClassFixture<CommandTests.History>
{
    private readonly VarveProcess _varve = history.Desk.Varve;
    private int _next;

    /// <summary>Three snapshots: the source, one with a file gone and one changed, one with the file back under another name.</summary>
    public sealed class History : IDisposable
    {
        public History()
        {
            Source = Desk.Source();
            for (int i = 0; i < 3; i++)
            {
                if (i == 1)
                {
                    File.Delete(Desk["Documents/letters/to-anna.txt"]);
                    Desk.Write("Documents/report.odt", "another report");
                }

                if (i == 2) { Desk.Write("Documents/letters/to-carol.txt", "dear Carol"); }
                JsonElement json = Desk.Varve.Succeed("backup", "--json", "--tag", $"run{i}", Source).Json[^1];
                Snapshots.Add(json.GetProperty("snapshot").GetString()!);
            }
        }

        public Desk Desk { get; } = new();

        public string Source { get; }

        public List<string> Snapshots { get; } = [];

        public void Dispose() => Desk.Dispose();
    }

    [Fact]
    public void Init_makes_a_repository_and_a_second_one_in_its_place_is_refused()
    {
        string place = New();
        VarveResult result = _varve.Succeed("init", "-r", place, "--key-file", place + ".key", "--label", "mine");
        Assert.Contains(place + ".key", result.Text, StringComparison.Ordinal);
        Assert.Equal("mine", _varve.Succeed("key", "list", "-r", place, "--key-file", place + ".key", "--json").Object.GetProperty("label")
            .GetString());
        Assert.Contains("already", _varve.Run("init", "-r", place, "--key-file", place + ".key").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("not empty", _varve.Run("init", "-r", history.Source + "/letters", "--key-file", place + ".key").Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_lists_the_oldest_first_with_root_and_tags()
    {
        string[] lines = Lines(_varve.Succeed("snapshots"));
        Assert.Equal(4, lines.Length);
        for (int i = 0; i < 3; i++)
        {
            Assert.StartsWith(history.Snapshots[i][..8], lines[i + 1], StringComparison.Ordinal);
            Assert.Contains(history.Source, lines[i + 1], StringComparison.Ordinal);
            Assert.EndsWith($"#run{i}", lines[i + 1], StringComparison.Ordinal);
        }

        Assert.Empty(_varve.Run("snapshots", "--source", "other", "--json").Expect(1).Json);
    }

    [Fact]
    public void Ls_lists_a_directory_in_each_of_the_ways_to_name_it()
    {
        string[] names = ["empty", "letters/", "link", "photo.raw", "report.odt", @"\xff\nb"];
        Assert.Equal(names, Lines(_varve.Succeed("ls")));
        Assert.Equal(names, Lines(_varve.Succeed("ls", "latest")));
        Assert.Equal(names, Lines(_varve.Succeed("ls", history.Snapshots[0][..8])));
        Assert.Equal(names, Lines(_varve.Succeed("ls", "latest:" + history.Source + "/")));
        Assert.Equal(["letters/old/", "letters/to-anna.txt"], Lines(_varve.Succeed("ls", history.Snapshots[0] + ":letters")));
        Assert.Equal(["letters/old/", "letters/to-carol.txt"], Lines(_varve.Succeed("ls", ":" + history.Source + "/letters")));
        Assert.Equal(["letters/", "letters/old/", "letters/old/to-bob.txt"],
            Lines(_varve.Succeed("ls", "-R")).Where(static l => l.StartsWith("letters", StringComparison.Ordinal)).Take(3));
        Assert.Equal(9, Lines(_varve.Succeed("ls", "-R")).Length);
        Assert.Equal(Encoding.Latin1.GetBytes("empty\0letters\0link\0photo.raw\0report.odt\0\xFF\nb\0"), _varve.Succeed("ls", "-0").Output);
    }

    [Fact]
    public void Ls_long_shows_mode_owner_size_and_target()
    {
        string[] lines = Lines(_varve.Succeed("ls", "--long"));
        string photo = Assert.Single(lines, static l => l.EndsWith("photo.raw", StringComparison.Ordinal));
        Assert.StartsWith("-rw-r--r-- root root", photo, StringComparison.Ordinal);
        Assert.Contains("5000000", photo.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(lines, static l => l.StartsWith("lrwxrwxrwx", StringComparison.Ordinal)
            && l.EndsWith("link -> report.odt", StringComparison.Ordinal));
        Assert.Contains(lines, static l => l.StartsWith("drwxr-xr-x", StringComparison.Ordinal)
            && l.EndsWith("letters/", StringComparison.Ordinal));
    }

    [Fact]
    public void Find_searches_all_snapshots_and_finds_what_is_gone()
    {
        JsonElement anna = _varve.Succeed("find", "*anna*", "--json").Object;
        Assert.Equal("letters/to-anna.txt", anna.GetProperty("path").GetString());
        Assert.Equal((history.Snapshots[0], history.Snapshots[0], false), Span(anna));
        IReadOnlyList<JsonElement> reports = _varve.Succeed("find", "report.odt", "--json").Json;
        Assert.Equal([(history.Snapshots[0], history.Snapshots[0], false), (history.Snapshots[1], history.Snapshots[2], true)],
            reports.Select(Span).OrderBy(static s => s.Item3));
        Assert.Equal((history.Snapshots[2], history.Snapshots[2], true), Span(_varve.Succeed("find", "letters/*carol*", "--json").Object));
        Assert.Matches("  now +[0-9]", _varve.Succeed("find", "-i", "PHOTO*").Text);
        Assert.Equal([0xFF, (byte)'\n', (byte)'b', 0], _varve.Succeed("find", "-0", "?\nb").Output);
        Assert.Empty(_varve.Succeed("find", "nothing-like-it", "--json").Json);

        static (string?, string?, bool) Span(JsonElement e) =>
            (e.GetProperty("first").GetString(), e.GetProperty("last").GetString(), e.GetProperty("current").GetBoolean());
    }

    [Fact]
    public void Restore_brings_back_the_latest_snapshot_or_the_one_that_is_named()
    {
        string latest = New(), first = New();
        _varve.Succeed("restore", "--target", latest);
        Assert.Equal("", RsyncJudge.Compare(history.Source, latest));
        Assert.Contains("Restored snapshot " + history.Snapshots[0][..8],
            _varve.Succeed("restore", history.Snapshots[0][..8], "-t", first).Text, StringComparison.Ordinal);
        Assert.Equal("dear Anna", File.ReadAllText(System.IO.Path.Combine(first, "letters/to-anna.txt")));
        Assert.False(File.Exists(System.IO.Path.Combine(first, "letters/to-carol.txt")));
    }

    [Fact]
    public void Restore_takes_a_path_includes_and_excludes()
    {
        Assert.Equal(["old", "old/to-bob.txt", "to-carol.txt"], Restored(":letters"));
        Assert.Equal(["old", "old/to-bob.txt", "to-anna.txt"], Restored($"{history.Snapshots[0]}:{history.Source}/letters/"));
        Assert.Equal(["report.odt"], Restored("latest:report.odt"));
        Assert.Equal(["letters", "letters/old", "letters/old/to-bob.txt", "letters/to-carol.txt"],
            Restored("latest", "--include", "*.txt"));
        Assert.Equal(["letters", "letters/old", "letters/old/to-bob.txt", "report.odt"],
            Restored("latest", "--include", "letters/old", "--include", "report*"));
        Assert.Equal(["letters", "letters/old", "letters/old/to-bob.txt"], Restored("latest", "--include", "letters/old"));
        Assert.Equal(["letters", "letters/to-carol.txt"], Restored("latest", "--include", "letters", "--exclude", "old"));
        Assert.Equal(["empty", "letters", "letters/old", "letters/to-carol.txt"],
            Restored("latest", "--exclude", "*.odt", "--exclude", "photo.*", "--exclude", "*bob*", "--exclude", "link", "--exclude", "*b"));
    }

    [Fact]
    public void Restore_refuses_a_target_that_is_not_empty_and_with_overwrite_keeps_what_is_there()
    {
        string target = New();
        Directory.CreateDirectory(target);
        File.WriteAllText(System.IO.Path.Combine(target, "report.odt"), "mine");
        Assert.Contains("not empty", _varve.Run("restore", "-t", target).Expect(2).Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(target));
        VarveResult result = _varve.Run("restore", "--overwrite", "--json", "-t", target).Expect(3);
        Assert.Equal("report.odt", Assert.Single(result.Object.GetProperty("failures").EnumerateArray()).GetProperty("path").GetString());
        Assert.Equal("mine", File.ReadAllText(System.IO.Path.Combine(target, "report.odt")));
        Assert.True(File.Exists(System.IO.Path.Combine(target, "photo.raw")));
    }

    [Fact]
    public void Dump_writes_exactly_the_bytes_of_the_file()
    {
        Assert.Equal(Desk.Bytes(7, 5_000_000), _varve.Succeed("dump", "latest:photo.raw").Output);
        Assert.Equal(Encoding.UTF8.GetBytes("a report\0with zeros\r\n\u00e9"),
            _varve.Succeed("dump", history.Snapshots[0][..6], history.Source + "/report.odt").Output);
        Assert.Equal("another report"u8.ToArray(), _varve.Succeed("dump", "latest", "report.odt").Output);
        Assert.Empty(_varve.Succeed("dump", ":empty").Output);
        Assert.Equal("bytes"u8.ToArray(), _varve.Succeed("dump", (byte[])[.. "latest:"u8, 0xFF, (byte)'\n', (byte)'b']).Output);
        Assert.Contains("not a regular file", _varve.Run("dump", ":link").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("to-anna", _varve.Run("dump", ":letters/to-anna.txt").Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_finds_nothing_wrong_and_reads_as_much_as_it_is_told()
    {
        Assert.Contains("No damage found", _varve.Succeed("check").Text, StringComparison.Ordinal);
        JsonElement quick = _varve.Succeed("check", "--json").Object, full = _varve.Succeed("check", "--read-data", "--json").Object;
        JsonElement part = _varve.Succeed("check", "--read-data=10", "--json").Object;
        Assert.True(quick.GetProperty("ok").GetBoolean() && full.GetProperty("ok").GetBoolean() && part.GetProperty("ok").GetBoolean());
        Assert.True(full.GetProperty("bytesRead").GetInt64() > 5_000_000);
        Assert.InRange(part.GetProperty("bytesRead").GetInt64(), 1, full.GetProperty("bytesRead").GetInt64());
        Assert.Equal(3, full.GetProperty("snapshots").GetInt32());
        foreach (string bad in (string[])["0", "101", "x", "-5"]) { _varve.Run("check", "--read-data=" + bad).Expect(2); }
    }

    [Fact]
    public void Stats_says_what_the_repository_holds()
    {
        JsonElement stats = _varve.Succeed("stats", "--json").Object;
        Assert.Equal((3, 1), (stats.GetProperty("snapshots").GetInt32(), stats.GetProperty("sources").GetInt32()));
        Assert.InRange(stats.GetProperty("protectedBytes").GetInt64(), 15_000_000, 15_001_000);
        Assert.InRange(stats.GetProperty("storedBytes").GetInt64(), 5_000_000, 5_200_000);
        long files = Directory.EnumerateFiles(history.Desk["home/.local/share/varve/repository"], "*", SearchOption.AllDirectories)
            .Sum(static f => new FileInfo(f).Length);
        Assert.Equal(files, stats.GetProperty("storedBytes").GetInt64());
        Assert.Contains("3 of 1 source", _varve.Succeed("stats").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_catalog_tells_how_it_stands_and_can_be_rebuilt()
    {
        // A repository of its own: the others use the catalog.
        string source = New(), place = New();
        Directory.CreateDirectory(source);
        File.WriteAllText(System.IO.Path.Combine(source, "file"), "x");
        object[] repository = ["-r", place, "--key-file", place + ".key", "--cache-dir", place + ".cache"];
        _varve.Succeed(["init", .. repository]);
        _varve.Succeed(["backup", source, .. repository]);
        JsonElement status = _varve.Succeed(["catalog", "status", "--json", .. repository]).Object;
        Assert.Equal(("current", 1, 1),
            (status.GetProperty("state").GetString(), status.GetProperty("snapshotsKnown").GetInt32(),
            status.GetProperty("snapshotsStored").GetInt32()));
        string path = status.GetProperty("path").GetString()!;
        Directory.Delete(place + ".cache", true);
        Assert.Equal("missing", _varve.Succeed(["catalog", "status", "--json", .. repository]).Object.GetProperty("state").GetString());
        JsonElement rebuilt = _varve.Succeed(["catalog", "rebuild", "--json", .. repository]).Object;
        Assert.Equal((path, 1, 1L),
            (rebuilt.GetProperty("path").GetString(), rebuilt.GetProperty("snapshots").GetInt32(),
            rebuilt.GetProperty("directories").GetInt64()));
        Assert.True(_varve.Succeed(["backup", source, "--json", .. repository]).Object.GetProperty("nothingChanged").GetBoolean());
        Assert.Contains("current", _varve.Succeed(["catalog", "status", .. repository]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Sql_reads_the_catalog_and_refuses_to_write()
    {
        JsonElement row = _varve.Succeed("sql", "select source, count(*) as n, max(files) from snapshots group by 1", "--json").Object;
        Assert.Equal(("Documents", 3), (row.GetProperty("source").GetString(), row.GetProperty("n").GetInt32()));
        Assert.Equal(["path\tsize", history.Source + "/photo.raw\t5000000"],
            Lines(_varve.Succeed("sql", "select path, size from files where size > 1e6 and kind = 'file'")));
        foreach (string statement in (string[])
            ["delete from snapshot", "insert into meta values('a', 'b')", "drop table revision", "create table t(a)",
            "attach '/tmp/x' as y", "pragma user_version=5", "vacuum into '/tmp/varve-x'", "select 1; delete from snapshot", "selec"])
        {
            VarveResult refused = _varve.Run("sql", statement, "--json").Expect(2);
            Assert.Equal("usage", refused.ErrorObject.GetProperty("kind").GetString());
        }

        Assert.Equal(3, _varve.Succeed("sql", "select count(*) as n from snapshots", "--json").Object.GetProperty("n").GetInt32());
    }

    private string[] Restored(string snapshot, params string[] options)
    {
        string target = New();
        _varve.Succeed(["restore", snapshot, "--target", target, .. options]);
        return [.. Directory.EnumerateFileSystemEntries(target, "*", SearchOption.AllDirectories)
            .Select(f => System.IO.Path.GetRelativePath(target, f)).Order(StringComparer.Ordinal)];
    }

    private string New() => history.Desk[$"{GetHashCode():x}-{Interlocked.Increment(ref _next)}"];

    private static string[] Lines(VarveResult result) => result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
