using System.Diagnostics;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Terminals;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>A password is asked for on a terminal: nobody who looks on reads it, and the terminal is as it was afterwards.</summary>
public sealed class SecretPromptTests : IDisposable
{
    private const string Secret = "correct horse";

    private readonly Desk _desk = new();
    private readonly PseudoTerminal _terminal = new(80);
    private readonly VarveProcess _varve;

    public SecretPromptTests()
    {
        _desk.Write("password", Secret + "\n");
        _desk.Varve.Succeed("init", "--repo", _desk["repository"], "--password-file", _desk["password"]);
        _varve = new VarveProcess(_desk["home"]) { Redirections = _terminal.All };
        _varve.Environment["VARVE_REPO"] = _desk["repository"];
    }

    private string Question => $"Password for {_desk["repository"]}: ";

    public void Dispose()
    {
        _terminal.Dispose();
        _desk.Dispose();
    }

    [Fact]
    public void What_is_typed_before_and_after_the_question_appears_does_not_show()
    {
        using var gates = new Gates(Gate.EchoOff);
        using Process process = _varve.StartHeld(gates, "key", "list");
        gates.Await(Gate.EchoOff, process);
        Assert.DoesNotContain("Password", _terminal.AllText(), StringComparison.Ordinal);
        _terminal.Type(Secret[..4]);
        gates.Open(Gate.EchoOff);
        _terminal.Answer(Question, Secret[4..]);
        Assert.True(VarveProcess.Finish(process).ExitCode == 0, _terminal.AllText());
        Assert.StartsWith(Question + "\r\n", _terminal.AllText(), StringComparison.Ordinal);
        AssertHidden();
    }

    [Fact]
    public void What_was_typed_and_shown_before_is_no_answer()
    {
        _terminal.Type("ls\n");
        _terminal.Await("ls\r\n");
        using Process process = _varve.Start("key", "list");
        _terminal.Answer(Question, Secret);
        Assert.True(VarveProcess.Finish(process).ExitCode == 0, _terminal.AllText());
        Assert.Equal(2, _terminal.AllText().Split(Question).Length);
        AssertHidden();
    }

    [Fact]
    public void The_terminal_edits_the_line_and_Ctrl_D_ends_it()
    {
        using Process process = _varve.Start("key", "list");
        _terminal.Await(Question);
        _terminal.Type("nonsense\u0015" + Secret + "x\u007f\u0004");
        Assert.True(VarveProcess.Finish(process).ExitCode == 0, _terminal.AllText());
        AssertHidden();
    }

    [Theory]
    [InlineData(Signals.HangUp)]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Quit)]
    [InlineData(Signals.Terminate)]
    public void A_signal_at_the_question_ends_the_program_and_brings_the_echo_back(int signal)
    {
        using Process process = Asking();
        Signals.Send(process, signal);
        Assert.Equal(128 + signal, VarveProcess.Finish(process).ExitCode);
        Assert.True(_terminal.Echoes);
    }

    [Fact]
    public void While_it_is_suspended_the_terminal_echoes_and_when_it_goes_on_it_asks_again()
    {
        using Process process = Asking();
        for (int times = 2; times < 4; times++)
        {
            Signals.Send(process, Signals.TerminalStop);
            Poll.Until(() => IsStopped(process), "it is suspended");
            Assert.True(_terminal.Echoes);
            Signals.Send(process, Signals.Continue);
            _terminal.Await(Question, times);
            Assert.False(_terminal.Echoes);
        }

        _terminal.Type(Secret + "\n");
        Assert.True(VarveProcess.Finish(process).ExitCode == 0, _terminal.AllText());
        AssertHidden();
    }

    [Fact]
    public void A_wrong_answer_and_one_that_never_comes_leave_the_echo_as_it_was()
    {
        using Process process = _varve.Start("key", "list");
        for (int times = 1; times <= 3; times++) { _terminal.Answer(Question, "wrong", times); }
        Assert.Equal(12, VarveProcess.Finish(process).ExitCode);
        AssertHidden();
    }

    private Process Asking()
    {
        Process process = _varve.Start("key", "list");
        _terminal.Await(Question);
        Assert.False(_terminal.Echoes);
        return process;
    }

    private void AssertHidden()
    {
        Assert.True(_terminal.Echoes);
        foreach (string part in (string[])[Secret[..4], Secret[4..], "nonsense", Question + "wrong"])
        {
            Assert.DoesNotContain(part, _terminal.AllText(), StringComparison.Ordinal);
        }
    }

    private static bool IsStopped(Process process)
    {
        string stat = File.ReadAllText($"/proc/{process.Id}/stat");
        return stat[stat.LastIndexOf(')') + 2] == 'T';
    }
}
