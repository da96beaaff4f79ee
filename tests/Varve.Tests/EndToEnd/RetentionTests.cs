using System.Text.Json;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>The published program forgets, pins and tags: what it prints, what it refuses, and what the configuration says.</summary>
public sealed class RetentionTests : IDisposable
{
    private const int Usage = 2, Incomplete = 3;
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Text_and_json_say_the_same_of_every_snapshot()
    {
        string[] names = Backups(4);
        _desk.Varve.Succeed("pin", names[0], "--reason", "the first", "--until", "2999-01-01");
        _desk.Varve.Succeed("tag", "add", names[1], "release", "old");
        _desk.Varve.Succeed("tag", "remove", names[1], "old");
        string[] line = ["forget", "--keep-last", "1", "--keep-yearly", "unlimited", "--keep-tag", "release", "--time-zone", "Europe/Berlin"];
        string text = _desk.Varve.Succeed([.. line, "--dry-run", "--stats"]).Text;
        IReadOnlyList<JsonElement> json = _desk.Varve.Succeed([.. line, "--dry-run", "--stats", "--json"]).Json;
        Assert.Equal(["pinned", "tag", "", "last yearly"], json.Take(4).Select(static j =>
            string.Join(' ', j.GetProperty("reasons").EnumerateArray().Select(static r => r.GetProperty("rule").GetString()))));
        string[] rows = [.. text.Split('\n').Skip(1).Take(4)];
        for (int i = 0; i < 4; i++)
        {
            Assert.StartsWith(names[i][..8], rows[i], StringComparison.Ordinal);
            Assert.Equal(names[i], json[i].GetProperty("snapshot").GetString());
            Assert.Equal(json[i].GetProperty("keep").GetBoolean(), rows[i].Contains("  keep  ", StringComparison.Ordinal));
        }

        Assert.EndsWith("keep    tag release", rows[1], StringComparison.Ordinal);
        Assert.EndsWith("keep    last, yearly", rows[3], StringComparison.Ordinal);
        JsonElement all = json[4];
        Assert.Equal((1, 3, true, 1), (all.GetProperty("forgotten").GetInt32(), all.GetProperty("kept").GetInt32(),
            all.GetProperty("dryRun").GetBoolean(), all.GetProperty("freed").GetProperty("sourcesFromCatalog").GetInt32()));
        Assert.Equal(100_000, all.GetProperty("freed").GetProperty("bytes").GetInt64());
        Assert.Contains("The catalog told so", text, StringComparison.Ordinal);
        Assert.Contains("Forgot 1 snapshot, kept 3", _desk.Varve.Succeed(line).Text, StringComparison.Ordinal);
        string list = _desk.Varve.Succeed("snapshots").Text;
        Assert.Contains("[pinned until 2999-01-01 ", list, StringComparison.Ordinal);
        Assert.Contains(" #release", list, StringComparison.Ordinal);
        Assert.DoesNotContain("#old", list, StringComparison.Ordinal);
        Assert.DoesNotContain(names[2][..8], list, StringComparison.Ordinal);
        Assert.Equal(names[1], _desk.Varve.Succeed("snapshots", "--tag", "release", "--json").Object.GetProperty("snapshot").GetString());
        Assert.DoesNotContain(names[2], _desk.Varve.Succeed("find", "big", "--json").Text, StringComparison.Ordinal);
        _desk.Varve.Succeed("check");
    }

    [Fact]
    public void The_latest_with_a_tag_is_the_last_that_has_it_and_a_tilde_counts_such_ones()
    {
        string[] names = Backups(4);
        _desk.Varve.Succeed("tag", "add", names[0], "release");
        _desk.Varve.Succeed("tag", "add", names[2], "release", "checked");
        foreach ((string spec, string tag, string expected) in (ReadOnlySpan<(string, string, string)>)[
            ("latest", "release", names[2]), ("latest~1", "release", names[0]), ("latest", "checked", names[2])])
        {
            string said = _desk.Varve.Succeed("ls", spec, "--tag", tag).Error;
            Assert.Contains(expected[..8], said, StringComparison.Ordinal);
        }

        _desk.Varve.Succeed("restore", "latest", "--tag", "release", "--target", _desk["out"]);
        Assert.Contains("'src' has no snapshot with the tag 'none' or 'other'",
            _desk.Varve.Run("restore", "latest", "--tag", "none", "--tag", "other", "--target", _desk["nowhere"]).Expect(1).Error,
            StringComparison.Ordinal);
        Assert.Contains("has 1 snapshot before that", _desk.Varve.Run("ls", "latest~2", "--tag", "release").Expect(1).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_and_nothing_is_forgotten()
    {
        string[] names = Backups(2);
        foreach (string line in (string[])["forget", "forget --keep-last 0",
            "forget --keep-last -2", "forget --keep-daily many", "forget --keep-within 7",
            "forget --keep-last 1 --time-zone Nowhere/Here", "forget --keep-last 1 --group-by color", "forget latest --keep-last 1",
            "forget latest:src", "forget --damaged abcd latest", "forget --keep-tag none", "pin", "unpin", "tag add latest",
            "pin latest --until yesterday", "tag set"])
        {
            _desk.Varve.Run(line.Split(' ')).Expect(Usage);
        }

        Assert.Equal(names, Names());
        _desk.Varve.Succeed("forget", "--keep-tag", "none", "--allow-empty");
        Assert.Empty(Names());
        _desk.Varve.Succeed("check");
    }

    [Fact]
    public void The_rules_of_the_configuration_hold_for_the_sources_that_it_names_each_its_own()
    {
        string[] documents = Backups(3);
        Directory.CreateDirectory(_desk["etc"]);
        Directory.CreateDirectory(_desk["other"]);
        for (int i = 0; i < 3; i++)
        {
            _desk.Write("etc/hosts", $"{i}");
            _desk.Write("other/x", $"{i}");
            _desk.Varve.Succeed("backup", _desk["etc"], "--source", "etc");
            _desk.Varve.Succeed("backup", _desk["other"], "--source", "other");
        }

        Directory.CreateDirectory(_desk["home/.config/varve"]);
        _desk.Write("home/.config/varve/config.yaml",
            """
            retention: {keep-last: 2, time-zone: Europe/Berlin}
            sources:
              - {name: documents, roots: [../../../src], retention: {keep-within: 10y}}
              - {name: etc, roots: [../../../etc]}
            """);
        _desk.Varve.Succeed("config", "check");
        JsonElement all = _desk.Varve.Succeed("forget", "--json").Json[^1];
        Assert.Equal((1, 5), (all.GetProperty("forgotten").GetInt32(), all.GetProperty("kept").GetInt32()));
        IReadOnlyList<JsonElement> left = _desk.Varve.Succeed("snapshots", "--json").Json;
        Assert.Equal([2, 3, 3], left.GroupBy(static s => s.GetProperty("source").GetString()).OrderBy(static g => g.Key == "etc" ? 0 : 1)
            .Select(static g => g.Count()));
        Assert.Equal(3, left.Count(s => documents.Contains(s.GetProperty("snapshot").GetString())));
        _desk.Varve.Succeed("forget", "--keep-last", "1"); // what is typed holds for all
        Assert.Equal(3, Names().Length);
        _desk.Write("home/.config/varve/config.yaml", "retention: {keep-last: 0}\n");
        _desk.Varve.Run("config", "check").Expect(1);
        _desk.Varve.Run("forget").Expect(Usage);
    }

    [Fact]
    public void A_damaged_snapshot_is_told_with_what_to_do_and_goes_when_that_is_done()
    {
        string[] names = Backups(3);
        string place = _desk["home/.local/share/varve/repository/snapshots"];
        string file = Directory.GetFiles(place, names[0], SearchOption.AllDirectories).Single();
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(file, "damaged");
        Directory.Delete(_desk["home/.cache"], recursive: true); // which has it as it was
        string hint = $"varve forget --damaged {names[0][..8]}";
        VarveResult first = _desk.Varve.Run("forget", "--keep-last", "1").Expect(Incomplete);
        Assert.Contains(hint, first.Error, StringComparison.Ordinal);
        Assert.Equal([names[2]], Names(Incomplete));
        _desk.Varve.Succeed(hint.Split(' ')[1..]);
        Assert.Equal([names[2]], Names());
        _desk.Varve.Succeed("check");
    }

    [Fact]
    public void A_key_of_level_write_forgets_pins_and_tags_what_it_saved_itself()
    {
        string[] names = Backups(2);
        _desk.Varve.Succeed("key", "add", "--level", "write", "--new-key-file", _desk["write"]);
        string[] by = ["--key-file", _desk["write"]];
        for (int i = 0; i < 2; i++)
        {
            File.WriteAllText(_desk["src/f"], $"by another {i}");
            _desk.Varve.Succeed(["backup", _desk["src"], .. by]);
        }

        string[] own = [.. Names().Except(names)];
        Assert.Contains("recorded by another key", _desk.Varve.Succeed(["forget", "--keep-last", "1", "--dry-run", .. by]).Text,
            StringComparison.Ordinal);
        _desk.Varve.Succeed(["pin", own[0], .. by]);
        Assert.Contains("which only a full key reads", _desk.Varve.Succeed(["tag", "add", own[0], "mine", .. by]).Text,
            StringComparison.Ordinal);
        _desk.Varve.Run(["pin", names[0], .. by]).Expect(12);
        _desk.Varve.Run(["forget", names[0], .. by]).Expect(12);
        _desk.Varve.Run(["tag", "set", own[0], "mine", .. by]).Expect(12);
        Assert.Equal(own[0], _desk.Varve.Succeed("snapshots", "--tag", "mine", "--json").Object.GetProperty("snapshot").GetString());
        _desk.Varve.Succeed(["unpin", own[0], .. by]);
        _desk.Varve.Succeed(["forget", own[0], .. by]);
        Assert.Equal([.. names, own[1]], Names());
        _desk.Varve.Succeed("check");
    }

    private string[] Names(int exitCode = 0) =>
        [.. _desk.Varve.Run("snapshots", "--json").Expect(exitCode).Json.Select(static s => s.GetProperty("snapshot").GetString()!)];

    /// <summary>Backs up so often, each time with other content, and gives the names.</summary>
    private string[] Backups(int count)
    {
        Directory.CreateDirectory(_desk["src"]);
        for (int i = 0; i < count; i++)
        {
            File.WriteAllBytes(_desk["src/big"], Desk.Bytes(i, 100_000));
            _desk.Varve.Succeed("backup", _desk["src"]);
        }

        return Names();
    }
}
