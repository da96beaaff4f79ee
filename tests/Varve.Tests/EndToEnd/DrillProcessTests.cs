using System.Diagnostics;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>Drills that are killed, and drills of the daemon.</summary>
[Trait("Does", "race")]
public sealed class DrillProcessTests : IDisposable
{
    private readonly DaemonDesk _d = new();

    public DrillProcessTests()
    {
        _d.Varve.Succeed("init");
        _d.Varve.Succeed("backup", _d.Desk.Source());
    }

    public void Dispose() => _d.Dispose();

    [Fact]
    public void What_a_killed_drill_left_the_next_one_removes_and_one_that_goes_on_keeps_its_own()
    {
        using var gates = new Gates("drill-restored");
        using (Process first = _d.Varve.StartHeld(gates, "verify", "--drill"))
        {
            gates.Await("drill-restored", first);
            string left = Assert.Single(Directory.GetDirectories(_d.Desk["cache/drills"]));
            Assert.NotEmpty(Directory.GetFileSystemEntries(left));
            // While it lives, another leaves it alone.
            _d.Varve.Succeed("verify", "--drill");
            Assert.Equal([left], Directory.GetDirectories(_d.Desk["cache/drills"]));
            first.Kill();
            first.WaitForExit();
        }

        Assert.Single(Directory.GetDirectories(_d.Desk["cache/drills"]));
        _d.Varve.Succeed("verify", "--drill");
        Assert.Empty(Directory.GetDirectories(_d.Desk["cache/drills"]));
    }

    [Fact]
    public void The_daemon_drills_and_its_status_tells()
    {
        _d.Varve.Environment["VARVE_CONFIG"] = _d.Desk["home/config.yaml"];
        File.WriteAllText(_d.Desk["home/config.yaml"], $"""
            every: 10h
            daemon: @drill: @every: 30d, files: 3!!
            sources: [@name: Documents, roots: [{_d.Desk["Documents"]}]!]
            """.Replace('@', '{').Replace('!', '}'));
        Process daemon = _d.StartReady();
        _d.Varve.Run("run", "verify").Expect(0);
        Poll.Until(() => _d.State("verify") == "good", "it is done");
        Assert.Equal(("drill", 3), (DaemonDesk.Text(_d.Job("verify"), "kind"), _d.Job("verify").GetProperty("files").GetInt32()));
        Assert.Contains("3 files", _d.Varve.Run("status").Text, StringComparison.Ordinal);
        DaemonDesk.Stop(daemon);
    }
}
