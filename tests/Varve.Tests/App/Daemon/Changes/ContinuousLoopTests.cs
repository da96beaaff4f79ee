using Varve.App.Daemon.Runs;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Configuration;
using Varve.Platform;
using Varve.Tests.Kit.Disks;

namespace Varve.Tests.App.Daemon.Changes;

/// <summary>When the daemon's loop runs what is backed up when it changes, by a clock that it moves itself.</summary>
[Trait("Needs", "root")]
public sealed class ContinuousLoopTests : IDisposable
{
    private static readonly ContinuousConfig s_usual = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10));

    private readonly LoopRig _rig = new();
    private readonly TinyMount _tree; // of its own: what others do with files of several names is a reason for a run
    private int _writes;

    public ContinuousLoopTests()
    {
        Assert.SkipUnless(Posix.EffectiveUser() == 0, "Needs root");
        _tree = new TinyMount(16);
    }

    public void Dispose()
    {
        _rig.Dispose();
        _tree.Dispose();
    }

    [Fact]
    public void A_change_is_backed_up_once_it_has_settled_and_no_sooner_than_was_said()
    {
        _rig.Watch("docs", "1d", _tree.Path, s_usual);
        _rig.After(5, Write);
        _rig.After(60, Write);
        _rig.After(60.25, Write);
        Assert.Equal([0, 10, 60.75], Run(minutes: 120));
        Assert.Contains("is watched", _rig.Job("docs").Watch, StringComparison.Ordinal);
    }

    [Fact]
    public void What_never_settles_is_backed_up_as_often_as_was_said()
    {
        _rig.Watch("docs", "1d", _tree.Path, s_usual);
        for (double at = 20; at < 45; at += 0.25) { _rig.After(at, Write); }
        List<double> runs = Run(minutes: 100);
        // What was written in the very moment in which a run began belongs to it.
        Assert.Equal([0, 30, 40.25], runs.Take(3));
        Assert.Equal(4, runs.Count);
        Assert.InRange(runs[3], 45, 51);
    }

    [Fact]
    public void Everything_is_looked_at_as_scheduled_whatever_changes()
    {
        _rig.Watch("docs", "1h", _tree.Path, s_usual);
        for (double at = 20; at < 200; at += 15) { _rig.After(at, Write); }
        List<double> runs = Run(minutes: 200);
        Assert.Superset(new HashSet<double>([0, 60, 120, 180]), new HashSet<double>(runs));
        Assert.Equal(new HashSet<double>([0, 60, 120, 180]), _rig.Runs.Begun.Select((r, i) => (r, i))
            .Where(x => Math.Abs(runs[x.i] % 60) < 0.01).Select(x => runs[x.i]).ToHashSet());
    }

    [Fact]
    public void Nothing_begins_outside_its_time_of_day()
    {
        string opens = _rig.Now.AddMinutes(90).ToString("HH:mm", null), closes = _rig.Now.AddMinutes(150).ToString("HH:mm", null);
        _rig.Watch("docs", "1d", _tree.Path, s_usual, $"{opens}-{closes}");
        _rig.After(100, Write);
        _rig.After(160, Write);
        List<double> runs = Run(minutes: 300);
        Assert.All(runs, static at => Assert.InRange(at, 90, 150));
        Assert.Equal(2, runs.Count);
    }

    [Fact]
    public void What_cannot_be_watched_is_backed_up_as_scheduled_and_that_is_said()
    {
        _rig.Watch("docs", "1h", "/proc/sys", s_usual);
        Assert.Equal([0, 60, 120], Run(minutes: 121));
        Assert.Contains("is not watched: its file system cannot be watched", _rig.Job("docs").Watch, StringComparison.Ordinal);
        Assert.All(_rig.Runs.Begun, static r => Assert.Empty(r.More));
    }

    [Fact]
    public void A_run_that_fails_is_followed_by_another_and_a_good_one_by_none()
    {
        _rig.Watch("docs", "1d", _tree.Path, s_usual);
        int runs = 0;
        _rig.Runs.Script = _ =>
            (TimeSpan.FromSeconds(20), new RunOutcome { State = ++runs == 2 ? JobStates.Failed : JobStates.Good });
        _rig.After(20, Write);
        Assert.Equal([0, 20.5, 30.5], Run(minutes: 300));
    }

    private void Write() => File.WriteAllText(Path.Combine(_tree.Path, "file"), $"{_writes++}");

    private List<double> Run(double minutes)
    {
        DateTimeOffset began = _rig.Now;
        _rig.Run(minutes);
        return [.. _rig.Begun("docs").Select(b => Math.Round((b - began).TotalMinutes, 2))];
    }
}
