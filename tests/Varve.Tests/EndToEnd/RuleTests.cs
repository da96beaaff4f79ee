using System.Text.Json;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Rules as they are typed, in files and in the configuration, and what is said of what they leave out.</summary>
[Trait("Takes", "minutes")]
public sealed class RuleTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly string _source;

    public RuleTests()
    {
        _source = _desk["work"];
        Directory.CreateDirectory(_source + "/src/obj");
        string[] names = ["a.o", "keep.o", "src/b.o", "src/b.c", "src/obj/c", "notes.txt"];
        foreach (string name in names) { _desk.Write("work/" + name, name); }
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_file_of_rules_counts_and_its_lines_are_named()
    {
        File.WriteAllText(_desk["rules"], "\uFEFF# objects\r\n*.o\r\n!keep.o\r\nobj/   \r\n");
        JsonElement run = Backup("--exclude-from", _desk["rules"], "--exclude", "*.never");
        Assert.Equal(["keep.o", "notes.txt", "src", "src/b.c"], Listed());
        Assert.Equal(3, run.GetProperty("leftOut").GetProperty("excluded").GetInt32());
        Assert.Equal("""["*.never"]""", run.GetProperty("unmatchedExcludes").GetRawText());
        Assert.Equal(
            $"left out  a.o: excluded by '*.o' ({_desk["rules"]}:2)\nleft out  src/b.o: excluded by '*.o' ({_desk["rules"]}:2)\n"
            + $"left out  src/obj: excluded by 'obj/' ({_desk["rules"]}:4)\n", _desk.Varve.Succeed("failures", "latest", "--left-out").Text);
        JsonElement told = _desk.Varve.Succeed("failures", "latest", "--left-out", "--json").Json[0];
        Assert.Equal((_desk["rules"], 2), (told.GetProperty("file").GetString(), told.GetProperty("line").GetInt32()));
    }

    [Fact]
    public void A_list_for_grep_is_read_as_it_is_and_may_come_from_a_pipe()
    {
        File.WriteAllText(_desk["list"], "\\.o$\n/src/obj(/|$)\n");
        Backup("--exclude-from", "re:" + _desk["list"]);
        Assert.Equal(["notes.txt", "src", "src/b.c"], Listed());
        var piped = new VarveProcess(_desk.Varve.Home) { Before = "printf 'notes.*\\n' | " };
        piped.Succeed("backup", _source, "--exclude-from", "/dev/stdin");
        Assert.DoesNotContain("notes.txt", Listed());
    }

    [Fact]
    public void A_bad_rule_is_an_error_with_file_line_and_column_before_anything_starts()
    {
        File.WriteAllText(_desk["rules"], "*.o\n\nsrc/[a\n");
        VarveResult bad = _desk.Varve.Run("backup", _source, "--exclude-from", _desk["rules"]).Expect(2);
        Assert.StartsWith($"varve: {_desk["rules"]}:3:5: ", bad.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_desk["home/.local"]));
        _desk.Varve.Run("backup", _source, "--exclude-from", _desk["none"]).Expect(2);
        _desk.Varve.Run("backup", _source, "--exclude", "re:(").Expect(2);
        _desk.Varve.Run("backup", _source, "--exclude-older-than", "soon").Expect(2);
        Assert.False(Directory.Exists(_desk["home/.local"]));
    }

    [Fact]
    public void Rules_of_all_sources_come_first_then_those_of_the_source_then_those_that_are_typed()
    {
        Directory.CreateDirectory(_desk["home/.config/varve"]);
        _desk.Write("home/.config/varve/rules", "*.txt\n");
        _desk.Write("home/.config/varve/config.yaml", $"""
            exclude: ['*.o']
            exclude-from: [rules]
            exclude-larger-than: 1M
            sources:
              - name: work
                roots: [{_source}]
                include: ['keep.o']
                exclude: ['obj/']
            """);
        _desk.Varve.Succeed("backup");
        Assert.Equal(["keep.o", "src", "src/b.c"], Listed());
        _desk.Varve.Succeed("config", "check");
        _desk.Write("home/.config/varve/rules", "*.txt\na[\n");
        JsonElement check = _desk.Varve.Run("config", "check", "--json").Expect(1).Object.GetProperty("problems")[0];
        Assert.Equal((2, 2), (check.GetProperty("line").GetInt32(), check.GetProperty("column").GetInt32()));
        _desk.Varve.Run("backup").Expect(2);
        _desk.Write("home/.config/varve/rules", "*.txt\n");
        _desk.Varve.Succeed("backup", "--exclude", "keep.o", "--include", "notes.txt");
        Assert.Equal(["notes.txt", "src", "src/b.c"], Listed());
    }

    [Fact]
    public void Ignore_files_tags_and_sizes_are_options_and_counted_each()
    {
        _desk.Write("work/.varveignore", "*.o\n");
        _desk.Write("work/src/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
        JsonElement plain = Backup();
        Assert.Equal(0, plain.GetProperty("leftOut").GetProperty("ignored").GetInt32());
        JsonElement run = Backup("--ignore-file", ".varveignore", "--exclude-caches", "--exclude-larger-than", "8");
        JsonElement counts = run.GetProperty("leftOut");
        Assert.Equal((2, 1, 1), (counts.GetProperty("ignored").GetInt32(), counts.GetProperty("tagged").GetInt32(),
            counts.GetProperty("byProperties").GetInt32()));
        Assert.Equal([".varveignore", "src", "src/CACHEDIR.TAG"], Listed());
        _desk.Write("work/new", "new");
        Assert.Matches("left out +2 by ignore files, 1 by tags, 1 by size, time or attributes",
            _desk.Varve.Succeed("backup", "-v", _source, "--ignore-file", ".varveignore", "--exclude-caches", "--exclude-larger-than", "8",
                "--force").Text);
    }

    [Fact]
    public void A_dry_run_says_what_would_be_saved_and_writes_nothing()
    {
        JsonElement dry = _desk.Varve.Succeed("backup", "--json", "--dry-run", _source, "--exclude", "*.o").Object;
        Assert.Equal(("dryRun", 3L, 3L, 3L, false), (dry.GetProperty("type").GetString(), dry.GetProperty("files").GetInt64(),
            dry.GetProperty("filesToRead").GetInt64(), dry.GetProperty("leftOut").GetProperty("excluded").GetInt64(),
            dry.GetProperty("compared").GetBoolean()));
        Assert.False(Directory.Exists(_desk["home/.local"]) || Directory.Exists(_desk["home/.config"]));
        Backup();
        Assert.Matches(@"^Dry run of work \([^)]*\): nothing is written\n +holds +3 files.*\n +entries +0 new, 0 changed.* 3 gone\n(.*\n)*.*3 by rules",
            _desk.Varve.Succeed("backup", "--dry-run", _source, "--exclude", "*.o").Text);
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
        _desk.Varve.Run("backup", "--dry-run", _desk["nowhere"]).Expect(1);
    }

    private JsonElement Backup(params string[] options) => _desk.Varve.Succeed(["backup", "--json", _source, .. options]).Json[^1];

    private string[] Listed() => [.. _desk.Varve.Succeed("ls", "-R", "--json", "latest", "--source", "work").Json
        .Select(static j => j.GetProperty("path").GetString()!)];
}
