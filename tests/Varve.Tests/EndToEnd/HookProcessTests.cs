using System.Diagnostics;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>What becomes of hooks when the program gets signals, or is killed.</summary>
[Trait("Does", "race")]
public sealed class HookProcessTests : IDisposable
{
    private readonly Desk _desk = new();

    public HookProcessTests()
    {
        _desk.Varve.Environment["VARVE_KEY_FILE"] = _desk["key"];
        _desk.Varve.Environment["VARVE_REPO"] = _desk["repository"];
        _desk.Varve.Environment["VARVE_CONFIG"] = _desk["home/config.yaml"];
        _desk.Varve.Succeed("init");
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Whoever_kills_the_run_kills_its_hook_with_all_that_it_started()
    {
        Configure("before: ['sleep 1000 & echo $! $$ >pids.new; mv pids.new pids; wait; echo never >after']");
        using Process run = _desk.Varve.Start("backup");
        string[] pids = Pids();
        Assert.All(pids, static p => Assert.True(IsThere(p)));
        run.Kill();
        run.WaitForExit();
        Poll.Until(() => !pids.Any(IsThere), "nothing of the hook goes on");
        Assert.False(File.Exists(_desk["home/after"]));
    }

    [Theory]
    [InlineData(Signals.Terminate, 143)]
    [InlineData(Signals.Interrupt, 130)]
    public void A_signal_ends_the_hook_as_it_likes_and_what_is_to_run_afterwards_runs(int signal, int code)
    {
        Configure("""
            before: ['trap "echo ended >end; exit 0" TERM; sleep 1000 & echo $! $$ >pids.new; mv pids.new pids; wait']
                on-failure: ['echo "$VARVE_RESULT" >failure']
                after: ['echo "$VARVE_RESULT" >after']
            """);
        using Process run = _desk.Varve.Start("backup");
        string[] pids = Pids();
        Signals.Send(run, signal);
        VarveProcess.Finish(run).Expect(code);
        Poll.Until(() => !pids.Any(IsThere), "nothing of the hook goes on");
        Assert.Equal("ended\n", File.ReadAllText(_desk["home/end"]));
        Assert.Equal("interrupted\n", File.ReadAllText(_desk["home/failure"]));
        Assert.Equal("interrupted\n", File.ReadAllText(_desk["home/after"]));
        Assert.Equal("", _desk.Varve.Succeed("snapshots", "--json").Text);
    }

    [Fact]
    public void The_second_signal_ends_the_program_and_the_hook_at_once()
    {
        Configure("before: ['trap \"\" TERM; sleep 1000 & echo $! $$ >pids.new; mv pids.new pids; while :; do wait; done']");
        using Process run = _desk.Varve.Start("backup");
        string[] pids = Pids();
        Signals.Send(run, Signals.Terminate);
        run.ErrorDataReceived += (_, e) =>
        {
            if (e.Data?.Contains("stopping", StringComparison.Ordinal) == true) { Signals.Send(run, Signals.Terminate); }
        };
        run.BeginErrorReadLine();
        run.WaitForExit();
        Assert.Equal(128 + Signals.Terminate, run.ExitCode);
        Poll.Until(() => !pids.Any(IsThere), "nothing of the hook goes on");
    }

    [Fact]
    public void It_has_neither_the_password_nor_anything_to_read_nor_signals_that_are_ignored()
    {
        _desk.Varve.Environment["VARVE_PASSWORD"] = "correct horse";
        Configure("before: ['echo \"[$VARVE_PASSWORD]\" >it; cat >>it; grep SigIgn /proc/self/status >>it; ls /proc/self/fd | wc -l >>it']");
        _desk.Varve.Succeed("backup");
        string[] said = File.ReadAllLines(_desk["home/it"]);
        Assert.Equal(("[]", "4"), (said[0], said[2])); // the fourth descriptor is what ls reads
        // Beyond those that programs send to each other are two of the C library's.
        Assert.Equal(0UL, ulong.Parse(said[1].Split('\t')[1], System.Globalization.NumberStyles.HexNumber) & 0x7FFFFFFF);
    }

    [Fact]
    public void What_it_prints_goes_to_standard_error_and_the_daemon_s_log()
    {
        using var daemon = new DaemonDesk();
        string docs = daemon.Desk.Source();
        File.WriteAllText(daemon.Desk["home/config.yaml"], $"""
            every: 10h
            hooks: @before: ['echo from the hook'], after: ['echo from another >&2; exit 7']!
            sources: [@name: docs, roots: [{docs}]!]
            """.Replace('@', '{').Replace('!', '}'));
        daemon.Varve.Environment["VARVE_CONFIG"] = daemon.Desk["home/config.yaml"];
        daemon.Varve.Succeed("init");
        VarveResult byHand = daemon.Varve.Run("backup", "--json").Expect(3);
        Assert.StartsWith("from the hook\nfrom another\n", byHand.Error, StringComparison.Ordinal);
        Process running = daemon.StartReady();
        Poll.Until(() => daemon.State("docs") == "incomplete", "it is saved");
        Assert.Contains("ended with exit code 7; it is the hook after", DaemonDesk.Text(daemon.Job("docs"), "message"),
            StringComparison.Ordinal);
        string log = DaemonDesk.Stop(running);
        Assert.Contains("docs: from the hook", log, StringComparison.Ordinal);
        Assert.Contains("docs: from another", log, StringComparison.Ordinal);
    }

    private void Configure(string hooks)
    {
        string docs = _desk.Source();
        string text = hooks.Replace("\n    ", "\n      ", StringComparison.Ordinal)
            .Replace("['", $"['cd {_desk["home"]}; ", StringComparison.Ordinal);
        File.WriteAllText(_desk["home/config.yaml"], $"sources:\n  - name: docs\n    roots: [{docs}]\n    hooks:\n      {text}\n");
    }

    private string[] Pids()
    {
        Poll.Until(() => File.Exists(_desk["home/pids"]), "the hook runs");
        return File.ReadAllText(_desk["home/pids"]).Trim().Split(' ');
    }

    private static bool IsThere(string pid)
    {
        try { return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal); }
        catch (IOException) { return false; }
    }
}
