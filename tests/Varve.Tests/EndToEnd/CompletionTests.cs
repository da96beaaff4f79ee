using System.Globalization;
using Varve.App.Settings.Reference;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>What the catalog knows is offered by real shells, and what they put in is what commands take.</summary>
public sealed class CompletionTests : IDisposable
{
    private const string Odd = "to my aunt: a 'draft' (1).txt";
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Snapshots_are_offered_with_time_and_source_the_newest_first()
    {
        string first = Backup(), second = Backup();
        string[] lines = Ask("snapshots", "failures", "");
        Assert.Equal(["latest", second[..8], first[..8]], lines.Select(static l => l.Split('\t')[0]));
        Assert.EndsWith(" Documents", lines[1], StringComparison.Ordinal);
        Assert.Equal([first[..8]], Words("snapshots", "failures", first[..5]));
        Assert.Equal([first], Words("snapshots", "failures", first[..12]));
        Assert.Empty(Ask("snapshots", "failures", "zz"));
    }

    [Fact]
    public void Paths_in_a_snapshot_are_offered_as_it_has_them()
    {
        string first = Backup();
        File.Delete(_desk["Documents/letters/to-anna.txt"]);
        _desk.Write("Documents/letters/to-zoe.txt", "dear Zoe");
        Backup();
        Assert.Equal(["latest:letters/old/", "latest:letters/to-zoe.txt"], Words("snapshot-paths", "ls", "latest:letters/"));
        Assert.Equal([first[..4] + ":letters/old/", first[..4] + ":letters/to-anna.txt"],
            Words("snapshot-paths", "ls", first[..4] + ":letters/"));
        Assert.Equal([":letters/old/to-bob.txt"], Words("snapshot-paths", "restore", ":letters/old/t"));
        Assert.Equal(["letters/old/"], Words("paths", "dump", "latest", "letters/o"));
        Assert.Empty(Ask("snapshot-paths", "ls", "latest:none/"));
    }

    [Fact]
    public void An_absolute_path_is_completed_down_to_a_source_and_in_it()
    {
        Backup();
        string source = _desk["Documents"];
        Assert.Equal([$"latest:{source}/"], Words("snapshot-paths", "restore", $"latest:{source[..^3]}"));
        Assert.Equal([$"{source}/letters/"], Words("snapshot-paths", "restore", $"{source}/l").Where(static w => w.EndsWith('/')));
        Assert.Empty(Ask("snapshot-paths", "restore", "latest:/elsewhere/"));
    }

    [Fact]
    public void Sources_are_offered_and_narrow_what_else_is()
    {
        Backup();
        Directory.CreateDirectory(_desk["Music"]);
        _desk.Write("Music/song", "la");
        _desk.Varve.Succeed("backup", _desk["Music"]);
        Assert.Equal(["Documents", "Music"], Words("sources", "snapshots", "--source", "").Order(StringComparer.Ordinal));
        Assert.Equal(["Music"], Words("sources", "snapshots", "--source", "M"));
        Assert.Equal(["latest:song"], Words("snapshot-paths", "ls", "--source", "Music", "latest:"));
        Assert.Equal(["latest:song"], Words("snapshot-paths", "ls", "--source=Music", "latest:"));
    }

    [Fact]
    public void The_catalog_of_the_repository_that_is_named_is_asked_without_key_or_repository()
    {
        Backup();
        _desk.Varve.Succeed("init", "-r", _desk["other"], "--key-file", _desk["key"]);
        Directory.CreateDirectory(_desk["Music"]);
        _desk.Write("Music/song", "la");
        _desk.Varve.Succeed("backup", "-r", _desk["other"], "--key-file", _desk["key"], _desk["Music"]);
        Directory.Move(_desk["other"], _desk["away"]);
        File.Delete(_desk["key"]);
        Assert.Equal(["latest:song"], Words("snapshot-paths", "-r", _desk["other"] + "/", "ls", "latest:s"));
        Assert.Equal(["latest:song"], Words("snapshot-paths", "ls", "--repo=" + _desk["other"], "latest:s"));
        Assert.Empty(Ask("snapshot-paths", "ls", "latest:s"));
        _desk.Varve.Environment["VARVE_REPO"] = _desk["other"];
        Assert.Equal(["latest:song"], Words("snapshot-paths", "ls", "latest:s"));
    }

    [Fact]
    public void Where_there_is_nothing_to_offer_nothing_is_said()
    {
        Assert.Empty(Ask("snapshots", "ls", ""));
        Assert.Empty(Ask("snapshot-paths", "ls", "--source", "--workers", "x", "latest:"));
        Backup();
        string catalog = Assert.Single(Directory.GetFiles(_desk["home/.cache/varve"], "catalog.db", SearchOption.AllDirectories));
        File.WriteAllText(catalog, "no database");
        Assert.Empty(Ask("snapshots", "ls", ""));
        Directory.Delete(_desk["home/.cache"], true);
        Assert.Empty(Ask("snapshots", "ls", ""));
    }

    [Fact]
    public void Names_that_could_move_a_cursor_or_break_a_line_are_not_offered()
    {
        Backup(); // the source has a file whose name has a newline and a byte that is no text
        Assert.Equal(["latest:empty", "latest:letters/", "latest:link", "latest:photo.raw", "latest:report.odt"],
            Words("snapshot-paths", "ls", "latest:"));
    }

    [Fact]
    public void It_stands_in_no_help()
    {
        Assert.DoesNotContain("complete  ", _desk.Varve.Run("--help").Text, StringComparison.Ordinal);
        Assert.DoesNotContain("varve complete\n", File.ReadAllText(Path.Combine(VarveProcess.Clone, "docs/reference.md")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void What_a_shell_completes_is_what_the_command_takes(string shell)
    {
        Shells.Needs(shell);
        _desk.Write(Path.Combine(Path.GetRelativePath(_desk[""], _desk.Source()), "letters", Odd), "dear aunt, this is it");
        _desk.Varve.Succeed("backup", _desk.Source());
        // A directory, then the odd name in it, and what comes of it is what was backed up.
        Assert.Contains("dear aunt, this is it", Type(shell, "dear aunt, this is it", @"varve dump latest:let\tto\ my\t\n"),
            StringComparison.Ordinal);
        Assert.Contains("dear Bob", Type(shell, "dear Bob", @"varve dump latest:letters/old/to-b\t\n"), StringComparison.Ordinal);
        Assert.Contains("Documents", Type(shell, "Documents", @"varve snapshots --source Doc\t"), StringComparison.Ordinal);
    }

    /// <summary>Processor time, since what else the machine does is not the program's; the bench has the row <c>complete</c>.</summary>
    [Fact]
    public void A_directory_of_twenty_thousand_files_is_completed_in_a_blink()
    {
        Directory.CreateDirectory(_desk["many"]);
        for (int i = 0; i < 20_000; i++)
        {
            File.WriteAllText(_desk[string.Create(CultureInfo.InvariantCulture, $"many/file-{i:00000}")], "");
        }

        _desk.Varve.Succeed("backup", _desk["many"]);
        // The first thousand, and the last: what all begin with is right.
        Assert.Equal(1001, Words("snapshot-paths", "ls", "latest:").Length);
        string code = $"TIMEFORMAT='%U %S'; time '{VarveProcess.Program}' complete snapshot-paths -- ls latest:file- >/dev/null";
        double[] seconds =
        [
            .. Enumerable.Range(0, 5).Select(_ => Shells.Run(_desk["home"], "bash", "-c", code).Split(' ')
                .Sum(static t => double.Parse(t, CultureInfo.InvariantCulture))),
        ];
        // Processor time: a tenth of a second where nothing else runs. Thrice that bears a busy machine.
        Assert.InRange(seconds.Min(), 0, 0.3);
    }

    private string Backup() => _desk.Varve.Succeed("backup", "--json", _desk.Source()).Json[^1].GetProperty("snapshot").GetString()!;

    private string[] Ask(string kind, params string[] words)
    {
        VarveResult result = _desk.Varve.Succeed(["complete", kind, "--", .. words]);
        Assert.Equal("", result.Error);
        return result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string[] Words(string kind, params string[] words) => [.. Ask(kind, words).Select(static l => l.Split('\t')[0])];

    /// <summary>Types into a shell that has the completion; what it showed until <paramref name="end"/>.</summary>
    private string Type(string shell, string end, string text)
    {
        string home = _desk["home"], bin = Directory.CreateDirectory(_desk["bin"]).FullName;
        if (!File.Exists(Path.Combine(bin, "varve"))) { File.CreateSymbolicLink(Path.Combine(bin, "varve"), VarveProcess.Program); }
        string path = $"PATH='{bin}':$PATH";
        switch (shell)
        {
            case "bash":
                File.WriteAllText(_desk["home/.bashrc"],
                    BashCompletion.Script() + $"\n{path}\nPS1='READY> '\nbind 'set enable-bracketed-paste off'\n");
                return Shells.Type(home, end, text, "bash", "--noprofile", "--rcfile", _desk["home/.bashrc"], "-i");
            case "zsh":
                File.WriteAllText(_desk["home/.zshrc"],
                    $"autoload -U compinit\ncompinit -u -D\n{ZshCompletion.Script()}\n{path}\nPS1='READY> '\nunset zle_bracketed_paste\n");
                return Shells.Type(home, end, text, "zsh", "-d", "-i");
            default:
                File.WriteAllText(_desk["home/completion.fish"], FishCompletion.Script());
                return Shells.Type(home, end, text, "fish", "--no-config", "-C",
                    $"set PATH '{bin}' $PATH; source '{_desk["home/completion.fish"]}'; function fish_prompt; echo -n 'READY> '; end", "-i");
        }
    }
}
