using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Terminals;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Paper keys through the program: what is printed, drawn and typed, and the way back when header and keys are lost.</summary>
public sealed partial class PaperKeyTests : IDisposable
{
    private readonly Desk _desk = new();

    public PaperKeyTests()
    {
        Set(_desk.Varve);
        _desk.Varve.Succeed("init", "--label", "first");
    }

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("full", 69)]
    [InlineData("write", 73)]
    public void Another_program_reads_the_code_from_a_pipe_a_page_a_file_and_a_terminal(string level, int size)
    {
        string code = _desk.Varve.Succeed("key", "export", "--level", level, "--json").Object.GetProperty("code").GetString()!;
        Assert.Equal(code, Decode(Squares(_desk.Varve.Succeed("key", "export", "--level", level).Text, '\u2588'), size));

        Assert.Equal("", _desk.Varve.Succeed("key", "export", "--level", level, "--output", _desk["paper.txt"]).Error);
        Assert.Equal(code, Decode(Squares(File.ReadAllText(_desk["paper.txt"]), '\u2588'), size));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_desk["paper.txt"]));
        _desk.Varve.Run("key", "export", "--output", _desk["paper.txt"]).Expect(2);

        VarveResult written = _desk.Varve.Succeed("key", "export", "--level", level, "--output", _desk["paper.html"], "--json");
        Assert.DoesNotContain(code, written.Text, StringComparison.Ordinal);
        string page = File.ReadAllText(_desk["paper.html"]);
        Assert.Equal(code, Decode(Drawn(page, size), size));
        Assert.DoesNotContain("http", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);

        using var terminal = new PseudoTerminal(80);
        OnTerminal(terminal, "xterm").Run("key", "export", "--level", level).Expect(0);
        string drawn = terminal.AllText();
        Assert.Contains("\n13: ", drawn, StringComparison.Ordinal);
        Assert.Contains("\e[97;40m", drawn, StringComparison.Ordinal);
        Assert.Equal(code, Decode(Squares(Plain().Replace(drawn, ""), ' '), size));
    }

    [Theory]
    [InlineData(60, "xterm", "", "needs 69 columns")]
    [InlineData(80, "dumb", "", "shows no QR code")]
    [InlineData(80, "xterm", "C", "shows no QR code")]
    [InlineData(200, "xterm", "C.UTF-8", "\u2588")]
    public void Where_a_code_cannot_be_drawn_the_lines_are_there_and_it_says_why(int columns, string type, string locale, string shown)
    {
        using var terminal = new PseudoTerminal(columns);
        VarveProcess varve = OnTerminal(terminal, type);
        if (locale.Length > 0) { varve.Environment["LC_ALL"] = locale; }
        varve.Environment["NO_COLOR"] = "1";
        varve.Run("key", "export").Expect(0);
        terminal.Await(shown); // what a program wrote may be read after its end
        terminal.Await("\n13: ");
        Assert.DoesNotContain("\e", terminal.AllText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Typed_on_a_terminal_it_brings_a_repository_back_that_lost_header_and_keys_for_every_command()
    {
        string source = _desk.Source();
        _desk.Varve.Succeed("backup", source);
        string[] lines = [.. _desk.Varve.Succeed("key", "export", "--json").Object.GetProperty("lines").EnumerateArray()
            .Select(static l => l.GetString()!)];
        Lose();
        VarveResult bare = _desk.Varve.Run("snapshots").Expect(1);
        Assert.Contains("varve key import", bare.Error, StringComparison.Ordinal);
        _desk.Varve.Run("init").Expect(2);

        using (var terminal = new PseudoTerminal(80))
        {
            Process process = OnTerminal(terminal, "xterm").Start("key", "import", "--label", "from paper");
            terminal.Answer("Line 1: ", lines[0]);
            terminal.Answer("Line 2 of 13: ", lines[1][..^2] + (lines[1][^2] == '7' ? "8" : "7") + lines[1][^1]);
            terminal.Await("varve: line 2 of the paper key is not as it was printed");
            terminal.Answer("Line 2 of 13: ", lines[1].ToLowerInvariant(), times: 2);
            for (int i = 3; i <= 13; i++) { terminal.Answer($"Line {i} of 13: ", lines[i - 1][4..]); }
            terminal.Answer("New password: ", "correct horse");
            terminal.Answer("Again: ", "correct horse");
            using (process) { Assert.True(VarveProcess.Finish(process).ExitCode == 0, terminal.AllText()); }
            Assert.Contains("of level full: from paper", terminal.AllText(), StringComparison.Ordinal);
            Assert.Contains("Wrote the repository's header again", terminal.AllText(), StringComparison.Ordinal);
        }

        _desk.Varve.Environment.Remove("VARVE_KEY_FILE");
        _desk.Varve.Environment["VARVE_PASSWORD"] = "correct horse";
        _desk.Varve.Succeed("check", "--read-data");
        _desk.Varve.Succeed("backup", source);
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
        foreach (string command in (string[])["snapshots", "ls", "find *", "dump latest:report.odt", "stats", "failures", "unstable",
            "catalog status", "catalog rebuild", "key list", "key export", "key add --new-key-file " + _desk["another"], "key remove from*"])
        {
            _desk.Varve.Run(command.Replace("from*", Last(), StringComparison.Ordinal).Split(' ')).Expect(0);
        }
    }

    [Fact]
    public void Without_a_terminal_it_comes_from_a_file_and_says_what_is_missing()
    {
        Assert.Contains("name the file that it is in", _desk.Varve.Run("key", "import").Expect(2).Error, StringComparison.Ordinal);
        _desk.Varve.Succeed("key", "export", "--output", _desk["paper"]);
        Assert.Contains("--new-key-file", _desk.Varve.Run("key", "import", _desk["paper"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal(12, _desk.Varve.Run("key", "import", _desk["full"], "--new-key-file", _desk["n"]).ExitCode);
        _desk.Varve.Run("key", "import", _desk["nothing"], "--new-key-file", _desk["n"]).Expect(12);
        _desk.Varve.Run("-r", _desk["nowhere"], "key", "import", _desk["paper"], "--new-key-file", _desk["n"]).Expect(10);
        Assert.False(Directory.Exists(_desk["nowhere"]));
        Assert.False(File.Exists(_desk["n"]));
        _desk.Varve.Succeed("key", "import", _desk["paper"], "--new-key-file", _desk["n"]);
        _desk.Varve.Succeed("key", "list", "--key-file", _desk["n"]);
    }

    [Theory]
    [InlineData(Gate.KeyStored)]
    [InlineData(Gate.HeaderStored)]
    public void Killed_at_any_step_an_import_is_completed_by_the_same_again(string point)
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        _desk.Varve.Succeed("key", "export", "--output", _desk["paper"]);
        Lose();
        Kill(point, "key", "import", _desk["paper"], "--new-key-file", _desk["new"]);
        _desk.Varve.Succeed("ls", "--key-file", _desk["new"]);
        VarveResult again = _desk.Varve.Run("key", "import", _desk["paper"], "--new-key-file", _desk["new"], "--json");
        Assert.Equal(point == Gate.KeyStored ? 0 : 2, again.ExitCode);
        if (point == Gate.KeyStored) { Assert.False(again.Object.GetProperty("added").GetBoolean()); }
        _desk.Varve.Succeed("backup", "--key-file", _desk["new"], _desk.Source());
        Assert.Single(_desk.Varve.Succeed("key", "list", "--key-file", _desk["new"], "--json").Json);
    }

    [Theory]
    [InlineData(Gate.KeyStored, "full", 2)]
    [InlineData(Gate.KeyRemoved, "new", 1)]
    public void Killed_at_any_step_a_change_of_a_key_locks_nobody_out(string point, string opens, int keys)
    {
        Kill(point, "key", "passwd", "--new-key-file", _desk["new"]);
        Assert.Equal(keys, _desk.Varve.Succeed("key", "list", "--key-file", _desk["new"], "--json").Json.Count);
        _desk.Varve.Succeed("key", "list", "--key-file", _desk[opens]);
        if (opens == "full") { _desk.Varve.Succeed("key", "passwd", "--new-key-file", _desk["new"]); }
        Assert.Single(_desk.Varve.Succeed("key", "list", "--key-file", _desk["new"], "--json").Json);
        _desk.Varve.Run("key", "list", "--key-file", _desk["full"]).Expect(12);
    }

    private void Kill(string point, params object[] command)
    {
        using var gates = new Gates(point);
        using Process process = _desk.Varve.StartHeld(gates, command);
        gates.Await(point, process);
        process.Kill();
        Assert.Equal(128 + 9, VarveProcess.Finish(process).ExitCode);
    }

    private string Last() => _desk.Varve.Succeed("key", "list", "--json").Json[^1].GetProperty("key").GetString()![..8];

    private void Lose()
    {
        Directory.Delete(_desk["repository/keys"], recursive: true);
        File.Delete(_desk["repository/varve"]);
    }

    private void Set(VarveProcess varve)
    {
        varve.Environment["VARVE_REPO"] = _desk["repository"];
        varve.Environment["VARVE_KEY_FILE"] = _desk["full"];
    }

    private VarveProcess OnTerminal(PseudoTerminal terminal, string type)
    {
        var varve = new VarveProcess(_desk["home"]) { Redirections = terminal.All };
        Set(varve);
        varve.Environment["TERM"] = type;
        return varve;
    }

    /// <summary>
    /// The lines of the drawing as rows of squares, those above each other in a character apart; <paramref name="dark"/> is dark.
    /// </summary>
    private static List<string> Squares(string text, char dark)
    {
        var rows = new List<string>();
        foreach (string line in text.Split('\n').Select(static l => l.TrimEnd('\r'))
            .Where(static l => l.Length > 60 && !l.Any(IsOther)))
        {
            rows.Add(string.Concat(line.Select(c => c is '\u2588' or '\u2580' == (dark != ' ') ? '1' : '0')));
            rows.Add(string.Concat(line.Select(c => c is '\u2588' or '\u2584' == (dark != ' ') ? '1' : '0')));
        }

        return rows;

        static bool IsOther(char c) => c is not (' ' or '\u2588' or '\u2580' or '\u2584');
    }

    private static List<string> Drawn(string page, int size)
    {
        var rows = Enumerable.Range(0, size).Select(_ => new StringBuilder(new string('0', size))).ToList();
        foreach (Match run in Run().Matches(page))
        {
            int At(string group) => int.Parse(run.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
            for (int i = 0; i < At("length"); i++) { rows[At("row")][At("column") + i] = '1'; }
        }

        return [.. rows.Select(static r => r.ToString())];
    }

    /// <summary>What zbarimg reads in the squares, each drawn as four by four dots.</summary>
    private string Decode(List<string> rows, int size)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zbarimg"), "Needs zbar-tools");
        Assert.InRange(rows.Count, size, size + 1);
        Assert.All(rows, row => Assert.Equal(size, row.Length));
        var image = new StringBuilder($"P1\n{4 * size} {4 * rows.Count}\n");
        foreach (string row in rows)
        {
            string dots = string.Concat(row.Select(static c => new string(c, 4)));
            for (int i = 0; i < 4; i++) { image.Append(dots).Append('\n'); }
        }

        File.WriteAllText(_desk["code.pbm"], image.ToString());
        return Programs.Run("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", _desk["code.pbm"])
            .Split('\n')[0]; // it complains when there is no D-Bus
    }

    [GeneratedRegex("M(?<column>[0-9]+) (?<row>[0-9]+)h(?<length>[0-9]+)v1H")]
    private static partial Regex Run();

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Plain();
}
