using System.Diagnostics;
using System.Text.Json;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>The daemon as a process: what it protects is saved, whoever stops, kills or asks it.</summary>
[Trait("Does", "race")]
public sealed class DaemonTests : IDisposable
{
    private readonly DaemonDesk _d = new();

    public DaemonTests() => _d.Varve.Succeed("init");

    public void Dispose() => _d.Dispose();

    [Fact]
    public void What_is_added_is_saved_and_listed_and_removed_again()
    {
        string source = _d.Desk.Source();
        VarveResult added = _d.Varve.Succeed("add", source, "--every", "15m");
        Assert.Contains("no daemon is running", added.Error, StringComparison.Ordinal);
        Assert.Contains("not yet", _d.Varve.Succeed("list").Text, StringComparison.Ordinal);
        Assert.Contains("no daemon is running", _d.Varve.Run("status").Expect(1).Text, StringComparison.Ordinal);
        Process daemon = _d.StartReady();
        Await("Documents", "good");
        JsonElement job = _d.Job("Documents");
        string snapshot = _d.Varve.Succeed("snapshots", "--json").Object.GetProperty("snapshot").GetString()!;
        Assert.Equal(snapshot, DaemonDesk.Text(job, "snapshot"));
        Assert.NotNull(DaemonDesk.Text(job, "lastGood"));
        Assert.Contains("all is well", _d.Varve.Succeed("status").Text, StringComparison.Ordinal);
        Assert.Contains(snapshot[..12], _d.Varve.Succeed("list").Text, StringComparison.Ordinal);
        _d.Varve.Succeed("remove", source);
        Assert.Empty(_d.Status().GetProperty("jobs").EnumerateArray());
        Assert.Contains("backed up 1", DaemonDesk.Stop(daemon), StringComparison.Ordinal);
        _d.Varve.Run("remove", source).Expect(1);
    }

    [Fact]
    public void A_daemon_that_runs_takes_up_what_is_added_and_does_what_it_is_told()
    {
        Process daemon = _d.StartReady();
        string source = _d.Desk.Source();
        _d.Varve.Succeed("add", source, "--cron", "0 3 * * *");
        Await("Documents", "good");
        _d.Desk.Write("Documents/new", "new");
        Assert.Equal("paused", State(_d.Varve.Succeed("pause", "Documents"), "Documents"));
        _d.Varve.Succeed("run", "Documents");
        Poll.Until(() => _d.Snapshots() == 2, "there is a second snapshot");
        Assert.NotEqual("paused", State(_d.Varve.Succeed("resume", "Documents"), "Documents"));
        _d.Varve.Run("run", "nothing").Expect(1);
        DaemonDesk.Stop(daemon);
        Assert.Contains("no daemon is running", _d.Varve.Run("run", "Documents").Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_is_watched_is_backed_up_when_it_changes()
    {
        Assert.SkipUnless(Posix.EffectiveUser() == 0, "Needs root");
        string source = _d.Desk.Source();
        _d.Varve.Succeed("add", source, "--continuous", "--settle", "1s", "--at-most", "1/1s", "--every", "1d");
        Process daemon = _d.StartReady();
        Await("Documents", "good");
        Assert.StartsWith("is watched", DaemonDesk.Text(_d.Job("Documents"), "watch"), StringComparison.Ordinal);
        for (int i = 2, handed = 0; handed < 3; i++)
        {
            Assert.True(i < 50, "it looked at everything each time");
            _d.Desk.Write("Documents/new", $"{i}");
            Poll.Until(() => _d.Snapshots() == i, "there is another snapshot");
            // What it was handed: it looked only there, unless another test mounted something meanwhile.
            if (new FileInfo(_d.Desk["state/changes/Documents.changes"]).Length > 0) { handed++; }
        }

        DaemonDesk.Stop(daemon);
        Assert.Contains("either", _d.Varve.Run("add", source, "--continuous", "--every", "1h", "--cron", "@daily").Expect(2).Error,
            StringComparison.Ordinal);
        Assert.Contains("--continuous", _d.Varve.Run("add", source, "--settle", "1s").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("--archive", _d.Varve.Run("add", source, "--continuous", "--archive", _d.Desk["a"]).Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_that_changed_is_archived_and_one_that_did_not_is_not()
    {
        string source = _d.Desk.Source(), archives = _d.Desk["archives"];
        _d.Varve.Succeed("add", source, "--every", "1s", "--archive", archives, "--keep", "2");
        Process daemon = _d.StartReady();
        // The disk is not there.
        Await("Documents", "retrying");
        Directory.CreateDirectory(archives);
        _d.Varve.Succeed("run", "Documents");
        Await("Documents", "good");
        string digest = DaemonDesk.Text(_d.Job("Documents"), "digest")!;
        string archive = Assert.Single(Directory.GetFiles(Path.Combine(archives, "Documents")));
        Assert.Contains("report.odt", Programs.Run("unzip", "-Z1", archive), StringComparison.Ordinal);
        for (int run = 0; run < 2; run++) // the first that begins from here on has ended when the second begins
        {
            string began = DaemonDesk.Text(_d.Job("Documents"), "lastStart")!;
            Poll.Until(() => DaemonDesk.Text(_d.Job("Documents"), "lastStart") != began, "it looks again");
        }

        Assert.Equal(archive, Assert.Single(Directory.GetFiles(Path.Combine(archives, "Documents"))));
        _d.Desk.Write("Documents/new", "new");
        Poll.Until(() => Directory.GetFiles(Path.Combine(archives, "Documents")).Length == 2, "there is another archive");
        Poll.Until(() => DaemonDesk.Text(_d.Job("Documents"), "digest") != digest, "its digest is known");
        string said = DaemonDesk.Stop(daemon);
        Assert.Contains("archived 1", said, StringComparison.Ordinal);
        Assert.Matches("failed [1-9]", said);
        Assert.Contains("no changes", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Gate.RunDecided)]
    [InlineData(Gate.RunNoted)]
    [InlineData(Gate.RunBegun)]
    [InlineData(Gate.RunKnown)]
    [InlineData(Gate.RunEnded)]
    [InlineData(Gate.RunSettled)]
    public void Killed_between_any_two_steps_it_carries_on_and_does_nothing_twice(string point)
    {
        _d.Varve.Succeed("add", _d.Desk.Source(), "--every", "10h");
        using (var gates = new Gates(point))
        {
            Process daemon = _d.Start(gates);
            gates.Await(point, daemon);
            DaemonDesk.Kill(daemon);
        }

        Process next = _d.StartReady();
        Await("Documents", "good");
        string said = DaemonDesk.Stop(next);
        Assert.Single(_d.Varve.Succeed("snapshots", "--json").Json);
        // What was saved and not noted is known by what the run printed: it is not looked at again.
        int looked = said.Split("Documents: backed up").Length - 1 + said.Split("Documents: no changes").Length - 1;
        Assert.Equal(point == Gate.RunSettled ? 0 : 1, looked);
    }

    [Fact]
    public void A_run_that_outlives_its_daemon_is_found_and_waited_for()
    {
        _d.Varve.Succeed("add", _d.Desk.Source(), "--every", "10h");
        using var gates = new Gates(Gate.SnapshotStored); // holds the run
        Process daemon = _d.Start(gates);
        gates.Await(Gate.SnapshotStored, daemon);
        DaemonDesk.Kill(daemon);
        Process next = _d.StartReady();
        Assert.Equal("running", _d.State("Documents"));
        gates.Open(Gate.SnapshotStored);
        Await("Documents", "good");
        Assert.Contains("backed up 1", DaemonDesk.Stop(next), StringComparison.Ordinal);
        Assert.Single(_d.Varve.Succeed("snapshots", "--json").Json);
    }

    [Fact]
    public void Stopping_has_a_run_make_a_checkpoint_and_the_next_daemon_goes_on()
    {
        _d.Varve.Succeed("add", _d.Desk.Source(), "--every", "10h");
        using var gates = new Gates(Gate.BatchRead, Gate.Interrupted);
        Process daemon = _d.Start(gates);
        gates.Await(Gate.BatchRead, daemon);
        Signals.Send(daemon, Signals.Terminate);
        gates.Await(Gate.Interrupted, daemon);
        gates.Open(Gate.Interrupted);
        gates.Open(Gate.BatchRead);
        string said = daemon.StandardError.ReadToEnd();
        daemon.WaitForExit();
        Assert.Equal(0, daemon.ExitCode);
        Assert.Contains("goes on from there", said, StringComparison.Ordinal);
        _d.StartReady();
        Await("Documents", "good");
        Assert.Single(_d.Varve.Succeed("snapshots", "--json").Json);
    }

    [Fact]
    public void There_is_one_daemon_and_who_comes_second_is_told_which()
    {
        Process daemon = _d.StartReady();
        VarveResult second = _d.Varve.Run("daemon").Expect(11);
        Assert.Contains($"process {daemon.Id}", second.Error, StringComparison.Ordinal);
        DaemonDesk.Kill(daemon);
        DaemonDesk.Stop(_d.StartReady());
    }

    [Fact]
    public void A_hang_up_has_it_read_the_configuration_again()
    {
        string source = _d.Desk.Source();
        _d.Desk.Write("config.yaml", $"sources:\n- {{name: papers, roots: ['{source}'], every: 10h}}\n");
        _d.Varve.Environment["VARVE_CONFIG"] = _d.Desk["config.yaml"];
        Process daemon = _d.StartReady();
        Await("papers", "good");
        _d.Desk.Write("config.yaml", $"sources:\n- {{name: papers, roots: ['{source}'], every: nonsense}}\n"
            + $"- {{name: letters, roots: ['{source}/letters'], cron: '0 3 * * *'}}\n");
        Signals.Send(daemon, Signals.HangUp);
        Await("letters", "good");
        Assert.Equal("wrong", _d.State("papers"));
        _d.Desk.Write("config.yaml", "sources: 5\n");
        Signals.Send(daemon, Signals.HangUp);
        Poll.Until(() => _d.Status().GetProperty("problems").GetArrayLength() == 1, "the mistake is told");
        Assert.Equal("good", _d.State("letters"));
    }

    [Fact]
    public void What_is_wrong_with_one_record_keeps_nothing_else_from_being_saved()
    {
        _d.Varve.Succeed("add", _d.Desk.Source(), "--every", "10h");
        Directory.CreateDirectory(_d.Desk["other"]);
        _d.Varve.Succeed("add", _d.Desk["other"], "--every", "10h");
        File.WriteAllText(_d.Desk["state/sources/other.json"], "{");
        Directory.CreateDirectory(_d.Desk["state/jobs"]);
        File.WriteAllText(_d.Desk["state/jobs/Documents.json"], "{");
        _d.StartReady();
        Await("Documents", "good");
        VarveResult status = _d.Varve.Run("status").Expect(1);
        Assert.Contains("sources/other.json", status.Text, StringComparison.Ordinal);
        Assert.Contains("other.json", _d.Varve.Run("list").Expect(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Losing_the_cache_ends_no_protection()
    {
        _d.Varve.Succeed("add", _d.Desk.Source(), "--every", "10h");
        DaemonDesk.Stop(_d.StartReady());
        Directory.Delete(_d.Desk["cache"], recursive: true);
        _d.Desk.Write("Documents/new", "new");
        _d.StartReady();
        Poll.Until(() => _d.Snapshots() >= 1 && _d.State("Documents") == "good", "it is saved");
        Assert.Contains("new", _d.Varve.Succeed("ls", "latest").Text, StringComparison.Ordinal);
    }

    private void Await(string name, string state) => Poll.Until(() => _d.State(name) == state, $"{name} is {state}");

    private string State(VarveResult done, string name)
    {
        Assert.Equal(0, done.ExitCode);
        Poll.Until(() => _d.State(name) != "running", "nothing runs");
        return _d.State(name);
    }
}
