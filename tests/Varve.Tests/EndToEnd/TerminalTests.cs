using System.Diagnostics;
using System.Text.RegularExpressions;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Terminals;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>What people see on terminals of all sorts, and what a log gets that is none.</summary>
public sealed class TerminalTests : IDisposable
{
    private const int HangUp = 1, User1 = 10;

    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void A_first_backup_draws_percent_a_bar_and_counts_that_fit_the_terminal(int columns)
    {
        _desk.Varve.Succeed("init");
        using var pty = new Pty(columns);
        using var gates = new Gates(Gate.BatchRead);
        using Process process = On(pty).StartHeld(gates, "backup", _desk.Source());
        gates.Await(Gate.BatchRead, process);
        pty.Await(static t => t.Contains('%', StringComparison.Ordinal), "the source is counted", process);
        Screen screen = Shown(pty, columns);
        Assert.False(screen.HasWrapped);
        string[] drawn = [.. screen.Lines.TakeLast(2)];
        Assert.Matches(@"^saving +\d+% \[=*> *\]( .* left)?$", drawn[0]);
        Assert.Matches(@"^\d files?(, .*)?$", drawn[1]);
        Assert.All(drawn, l => Assert.InRange(l.Length, 1, columns - 1));
        gates.Open(Gate.BatchRead);
        VarveProcess.Finish(process).Expect(0);
        screen = Shown(pty, columns);
        Assert.DoesNotContain(screen.Lines, static l => l.Contains('%', StringComparison.Ordinal));
        Assert.Contains(screen.Lines, static l => l.StartsWith("Snapshot ", StringComparison.Ordinal));
        Assert.Contains("  entries  7 new, 0 changed, 0 unchanged, 0 gone", screen.Text);
    }

    [Fact]
    public void A_restore_and_a_check_draw_and_leave_nothing_but_their_summary()
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        using var pty = new Pty(200);
        using var gates = new Gates(Gate.BlockWritten);
        using (Process process = On(pty).StartHeld(gates, "restore", "--target", _desk["restored"]))
        {
            gates.Await(Gate.BlockWritten, process);
            pty.Await(static t => Regex.IsMatch(t, @"(writing|finishing) +\d+% \["), "the restore draws how far it is", process);
            gates.Open(Gate.BlockWritten);
            VarveProcess.Finish(process).Expect(0);
        }

        using (Process check = On(pty).Start("check", "--read-data")) { VarveProcess.Finish(check).Expect(0); }
        Screen screen = Shown(pty, 200);
        Assert.Equal("No damage found.", screen.Lines[^1]);
        Assert.StartsWith("varve: snapshot ", screen.Lines[0]);
        Assert.StartsWith("Restored snapshot ", screen.Lines[1]);
        Assert.Equal(5, screen.Lines.Count);
        Assert.Contains("32", screen.Colours);
    }

    [Fact]
    public void Entries_that_are_told_do_not_tear_what_is_drawn()
    {
        using var pty = new Pty(80);
        using Process process = On(pty).Start("backup", "-v", _desk.Source());
        VarveProcess.Finish(process).Expect(0);
        Screen screen = Shown(pty, 80);
        Assert.Contains("+ letters/to-anna.txt", screen.Lines);
        Assert.Contains("+ report.odt", screen.Lines);
        Assert.DoesNotContain(screen.Lines, static l => l.StartsWith("saving", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("TERM", "dumb")]
    [InlineData("TERM", "")]
    public void A_dumb_terminal_gets_lines_and_nothing_else(string variable, string value)
    {
        using var pty = new Pty(80);
        VarveProcess varve = On(pty);
        varve.Environment[variable] = value;
        varve.Environment["LC_ALL"] = "C";
        using (Process process = varve.Start("backup", "-v", _desk.Source())) { VarveProcess.Finish(process).Expect(0); }
        Assert.DoesNotContain('\e', pty.AllText());
        Assert.Contains("+ report.odt", pty.AllText());
        Assert.Contains("  entries  7 new", pty.AllText());
    }

    [Fact]
    public void In_the_C_locale_what_is_drawn_is_ASCII()
    {
        using var pty = new Pty(80);
        using var gates = new Gates(Gate.BatchRead);
        VarveProcess varve = On(pty);
        varve.Environment["LC_ALL"] = "C";
        using Process process = varve.StartHeld(gates, "backup", _desk.Source());
        gates.Await(Gate.BatchRead, process);
        pty.Await(static t => t.Contains('%', StringComparison.Ordinal), "the source is counted", process);
        gates.Open(Gate.BatchRead);
        VarveProcess.Finish(process).Expect(0);
        Assert.All(pty.AllText(), static c => Assert.True(char.IsAscii(c), $"U+{(int)c:X4}"));
    }

    [Fact]
    public void NO_COLOR_turns_colours_off_and_progress_stays()
    {
        using var pty = new Pty(80);
        using var gates = new Gates(Gate.BatchRead);
        VarveProcess varve = On(pty);
        varve.Environment["NO_COLOR"] = "1";
        using Process process = varve.StartHeld(gates, "backup", "-v", _desk.Source());
        gates.Await(Gate.BatchRead, process);
        pty.Await(static t => t.Contains("saving", StringComparison.Ordinal), "progress is drawn", process);
        gates.Open(Gate.BatchRead);
        VarveProcess.Finish(process).Expect(0);
        Assert.Empty(Shown(pty, 80).Colours);
    }

    [Theory]
    [InlineData("--no-progress")]
    [InlineData("--quiet")]
    public void Progress_can_be_turned_off(string option)
    {
        _desk.Varve.Succeed("init");
        using var pty = new Pty(80);
        using Process process = On(pty).Start("backup", option, _desk.Source());
        VarveProcess.Finish(process).Expect(0);
        Assert.DoesNotContain('\e', pty.AllText());
        Assert.Equal(option == "--quiet", pty.AllText().Length == 0);
    }

    [Fact]
    public void A_pipe_gets_one_line_and_cron_nothing()
    {
        _desk.Varve.Succeed("init");
        VarveResult first = _desk.Varve.Succeed("backup", _desk.Source());
        Assert.Equal(("", 1), (first.Error, first.Text.Count(static c => c == '\n')));
        Assert.DoesNotContain('\e', first.Text);
        VarveResult quiet = _desk.Varve.Succeed("backup", "-q", _desk.Source());
        Assert.Equal(("", ""), (quiet.Error, quiet.Text));
    }

    [Fact]
    public void With_failures_a_pipe_gets_them_first_and_cron_them_alone()
    {
        VarveProcess nobody = _desk.AsNobody();
        string source = _desk.Source();
        File.SetUnixFileMode(_desk["Documents/report.odt"], UnixFileMode.None);
        VarveResult loud = nobody.Run("backup", source).Expect(3);
        Assert.Equal("varve: report.odt: permission denied\n", loud.Error);
        Assert.Matches("^Snapshot .*; 1 failed(; .*)?$", loud.Text.TrimEnd('\n').Split('\n')[^1]);
        VarveResult quiet = nobody.Run("backup", "-q", source).Expect(3);
        Assert.Equal(("varve: report.odt: permission denied\n", ""), (quiet.Error, quiet.Text));
        Assert.Contains("! report.odt: permission denied\n", nobody.Run("backup", "-v", source).Expect(3).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--quiet")]
    [InlineData("--json")]
    public void SIGUSR1_prints_a_line_off_a_terminal_and_the_backup_goes_on(string option)
    {
        using var gates = new Gates(Gate.BatchRead);
        string[] options = option.Length == 0 ? [] : [option];
        using Process process = _desk.Varve.StartHeld(gates, ["backup", .. options, _desk.Source()]);
        gates.Await(Gate.BatchRead, process);
        for (int i = 0; i < 2; i++)
        {
            Signals.Send(process, User1);
            Assert.Matches(@"^varve: saving, \d files?, ", Within.Run(process.StandardError.ReadLine)!);
        }

        gates.Open(Gate.BatchRead);
        VarveProcess.Finish(process).Expect(0);
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
    }

    [Fact]
    public void A_backup_whose_terminal_hangs_up_ends_with_a_checkpoint_and_the_next_goes_on()
    {
        using var pty = new Pty(80);
        using var gates = new Gates(Gate.BatchRead, Gate.Interrupted);
        using Process process = On(pty).StartHeld(gates, "backup", _desk.Source());
        gates.Await(Gate.BatchRead, process);
        pty.Close();
        Signals.Send(process, HangUp);
        gates.Await(Gate.Interrupted, process);
        gates.Open(Gate.Interrupted);
        gates.Open(Gate.BatchRead);
        Assert.InRange(VarveProcess.Finish(process).ExitCode, 129, 143);
        Assert.Empty(_desk.Varve.Succeed("snapshots", "--json").Json);
        Assert.True(_desk.Varve.Succeed("backup", "--json", _desk.Source()).Object.GetProperty("resumed").GetBoolean());
        _desk.Varve.Succeed("check", "--read-data");
    }

    [Theory]
    [InlineData(Signals.HangUp)]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Terminate)]
    public void A_second_signal_ends_a_backup_at_once_and_the_next_goes_on(int signal)
    {
        using var gates = new Gates(Gate.BatchRead, Gate.Interrupted);
        using Process process = _desk.Varve.StartHeld(gates, "backup", _desk.Source());
        gates.Await(Gate.BatchRead, process);
        Signals.Send(process, signal);
        gates.Await(Gate.Interrupted, process);
        Signals.Send(process, signal);
        Assert.Equal(128 + signal, VarveProcess.Finish(process).ExitCode);
        _desk.Varve.Succeed("backup", _desk.Source());
        _desk.Varve.Succeed("check", "--read-data");
    }

    [Fact]
    public void A_backup_whose_terminal_is_gone_and_that_nobody_told_goes_on_to_its_end()
    {
        using var pty = new Pty(80);
        using var gates = new Gates(Gate.BatchRead);
        using Process process = On(pty).StartHeld(gates, "backup", _desk.Source());
        gates.Await(Gate.BatchRead, process);
        pty.Close();
        gates.Open(Gate.BatchRead);
        VarveProcess.Finish(process).Expect(1); // its summary could not be written
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
        _desk.Varve.Succeed("check", "--read-data");
    }

    private VarveProcess On(Pty pty)
    {
        var varve = new VarveProcess(_desk["home"]) { Redirections = pty.Redirections };
        varve.Environment["TERM"] = "xterm";
        return varve;
    }

    private static Screen Shown(Pty pty, int columns) => new Screen(columns).Print(pty.AllText());
}
