using Varve.App.Daemon.Control;
using Varve.App.Daemon.Runs;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.Tests.App.Daemon;

/// <summary>The daemon's loop, by a clock that it moves itself.</summary>
public sealed class DaemonLoopTests : IDisposable
{
    private readonly LoopRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void It_looks_at_once_and_then_as_scheduled()
    {
        _rig.Watch("docs", "15m");
        DateTimeOffset began = _rig.Now;
        _rig.Run(minutes: 24 * 60);
        List<DateTimeOffset> runs = _rig.Begun("docs");
        Assert.Equal(began, runs[0]);
        Assert.Equal(24 * 4, runs.Count);
        Assert.All(runs.Zip(runs.Skip(1)), static p => Assert.Equal(TimeSpan.FromMinutes(15), p.Second - p.First));
    }

    [Fact]
    public void A_month_of_days_and_hours_leaves_nothing_out()
    {
        _rig.Watch("hourly", "0 * * * *", archive: "/mnt/a");
        _rig.Watch("daily", "0 3 * * *");
        _rig.Run(minutes: 30 * 24 * 60);
        Assert.Equal(30 * 24, _rig.Begun("hourly").Count); // with the first look, without the last
        Assert.Equal(31, _rig.Begun("daily").Count);
    }

    [Fact]
    public void One_run_at_a_time_works_in_a_repository_and_others_beside_it()
    {
        foreach (string name in (string[])["a", "b", "c"]) { _rig.Watch(name, "1h", to: "/mnt/r"); }
        _rig.Watch("d", "1h", archive: "/mnt/x");
        DateTimeOffset began = _rig.Now;
        _rig.Run(minutes: 30);
        Assert.Equal([began, began.AddSeconds(20), began.AddSeconds(40)],
            _rig.Runs.Begun.Where(static r => r.Job.Name != "d").Select(static r => r.Began));
        Assert.Equal([began], _rig.Begun("d"));
    }

    [Fact]
    public void After_sleep_it_catches_up_once()
    {
        _rig.Watch("docs", "15m");
        _rig.After(20, () => _rig.Time.Advance(7 * 3600)); // the machine slept
        _rig.Run(minutes: 8 * 60);
        // At 0, 15, once at 440, and each 15 minutes from then on.
        Assert.Equal(2 + 1 + ((480 - 440) / 15), _rig.Begun("docs").Count);
    }

    [Fact]
    public void What_fails_is_tried_again_ever_later_until_it_goes_well()
    {
        _rig.Watch("docs", "7d");
        int tries = 0;
        _rig.Runs.Script = _ => (TimeSpan.FromSeconds(1), ++tries < 5
            ? new RunOutcome { State = JobStates.Retrying, Message = "there is no repository" }
            : new RunOutcome { State = JobStates.Good, HasChanged = true });
        _rig.After(4, () =>
        {
            JobReport job = _rig.Job("docs");
            Assert.Equal((JobStates.Retrying, 3, "there is no repository"), (job.State, job.Failures, job.Message));
            Assert.Null(job.LastGood);
        });
        _rig.Run(minutes: 60);
        List<DateTimeOffset> runs = _rig.Begun("docs");
        Assert.Equal([1, 2, 4, 8], runs.Zip(runs.Skip(1)).Select(static p => (int)Math.Round((p.Second - p.First).TotalMinutes)));
        Assert.Equal((JobStates.Good, 0), (_rig.Job("docs").State, _rig.Job("docs").Failures));
        Assert.NotNull(_rig.Data("docs").LastGood);
    }

    [Fact]
    public void What_makes_no_sense_is_not_tried_again_before_its_time()
    {
        _rig.Watch("docs", "1h");
        _rig.Runs.Script = static _ => (TimeSpan.FromSeconds(1), new RunOutcome { State = JobStates.Failed, Message = "wrong key" });
        _rig.Run(minutes: 150);
        Assert.Equal(3, _rig.Begun("docs").Count);
    }

    [Fact]
    public void A_pause_outlasts_the_daemon_and_what_became_due_runs_once()
    {
        _rig.Watch("docs", "15m");
        _rig.Watch("other", "15m", archive: "/x");
        DaemonRequest paused = _rig.After(1, ControlVerbs.Pause, "docs");
        _rig.Run(minutes: 60);
        Assert.True(paused.Wait(default)!.Ok);
        Assert.Single(_rig.Begun("docs"));
        _rig.Run(minutes: 60);
        Assert.Single(_rig.Begun("docs"));
        Assert.Equal(JobStates.Paused, _rig.Job("docs").State);
        Assert.True(_rig.Begun("other").Count > 7);
        _rig.After(30, ControlVerbs.Resume, "docs");
        _rig.Run(minutes: 40);
        Assert.Equal(2, _rig.Begun("docs").Count);
    }

    [Fact]
    public void While_everything_is_paused_only_what_somebody_asks_for_runs()
    {
        _rig.Watch("docs", "15m", window: "22:00-23:00"); // it is 10 o'clock
        _rig.After(1, ControlVerbs.Pause);
        DaemonRequest asked = _rig.After(5, ControlVerbs.Run, "docs"), unknown = _rig.After(6, ControlVerbs.Run, "nothing");
        _rig.Run(minutes: 60);
        Assert.Single(_rig.Begun("docs"));
        Assert.True(asked.Wait(default)!.Ok);
        Assert.False(unknown.Wait(default)!.Ok);
        Assert.Contains("docs", unknown.Wait(default)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void On_the_battery_it_waits_when_asked_to_and_begins_when_there_is_power()
    {
        _rig.Watch("docs", "1h");
        (_rig.OnBattery, _rig.IsOnBattery) = (WhenOnBattery.Wait, true);
        _rig.After(30, () =>
        {
            Assert.NotNull(_rig.Board.Read()!.WaitsFor);
            _rig.IsOnBattery = false;
        });
        DateTimeOffset began = _rig.Now;
        _rig.Run(minutes: 60);
        DateTimeOffset run = Assert.Single(_rig.Begun("docs"));
        Assert.InRange(run - began, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(31));
    }

    [Fact]
    public void A_list_that_changes_takes_effect_and_no_run_is_lost()
    {
        _rig.Watch("long", "1h", to: "/r1");
        _rig.Runs.Script = static j => (TimeSpan.FromMinutes(j.Name == "long" ? 30 : 1),
            new RunOutcome { State = JobStates.Good, HasChanged = true, Snapshot = "abcdef" });
        _rig.After(5, () =>
        {
            _rig.State.Watched.Remove("long", default);
            _rig.Watch("new", "1h", to: "/r2");
        });
        _rig.After(6, ControlVerbs.Reload);
        _rig.Run(minutes: 50);
        FakeRun run = Assert.Single(_rig.Runs.Begun, static r => r.Job.Name == "long");
        Assert.True(run.IsWhole);
        Assert.Single(_rig.Begun("new"));
        Assert.DoesNotContain(_rig.Board.Read()!.Jobs, static j => j.Name == "long");
        Assert.Null(_rig.Data("long").Slot); // nobody asks for what became of it
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_changes_nothing_and_is_told()
    {
        _rig.Watch("docs", "15m");
        _rig.After(5, () => _rig.Refuses = new VarveException(ErrorKind.Usage, Subject.Configuration("c.yaml", 3), "makes no sense"));
        DaemonRequest reload = _rig.After(6, ControlVerbs.Reload);
        _rig.Run(minutes: 60);
        Assert.Equal(4, _rig.Begun("docs").Count);
        Assert.False(reload.Wait(default)!.Ok);
        Assert.Contains("c.yaml", Assert.Single(_rig.Board.Read()!.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_lets_runs_come_to_an_end_and_the_next_daemon_goes_on()
    {
        _rig.Watch("docs", "0 3 * * *");
        _rig.Runs.Script = static _ => (TimeSpan.FromMinutes(30), new RunOutcome { State = JobStates.Good });
        _rig.Run(minutes: 10);
        FakeRun run = Assert.Single(_rig.Runs.Begun);
        Assert.True(run is { WasStopped: true, WasKilled: false });
        Assert.Null(_rig.Data("docs").Run);
        DateTimeOffset again = _rig.Now;
        _rig.Run(minutes: 60);
        Assert.Equal(again, _rig.Begun("docs")[1]);
        Assert.Equal(2, _rig.Runs.Begun.Count);
    }

    [Fact]
    public void What_does_not_stop_in_time_is_killed()
    {
        _rig.Watch("docs", "1h");
        _rig.Runs.AreStubborn = true;
        _rig.Runs.Script = static _ => (TimeSpan.FromDays(3), new RunOutcome { State = JobStates.Good });
        DateTimeOffset began = _rig.Now;
        _rig.Run(minutes: 10);
        Assert.True(Assert.Single(_rig.Runs.Begun).WasKilled);
        Assert.InRange(_rig.Now - began, TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(12));
    }

    [Fact]
    public void A_daemon_that_begins_anew_looks_at_once_but_not_at_what_has_its_time_of_day()
    {
        _rig.Watch("often", "1h");
        _rig.Watch("daily", "0 3 * * *", archive: "/x");
        _rig.Run(minutes: 5);
        DateTimeOffset again = _rig.Now;
        _rig.Run(minutes: 5);
        Assert.Equal(again, _rig.Begun("often")[1]);
        Assert.Single(_rig.Begun("daily"));
    }

    [Fact]
    public void Each_round_has_its_line_in_the_log()
    {
        _rig.Watch("a", "1h", archive: "/x");
        _rig.Watch("b", "1h", archive: "/x");
        int runs = 0;
        _rig.Runs.Script = _ => (TimeSpan.FromSeconds(5),
            new RunOutcome { State = JobStates.Good, HasChanged = ++runs <= 2, Archive = "a.zip", Digest = "12ab" });
        _rig.Run(minutes: 90);
        Assert.Contains("<6>archived 2\n", _rig.Log, StringComparison.Ordinal);
        Assert.Contains("<6>a: no changes\n", _rig.Log, StringComparison.Ordinal);
        Assert.Contains("<6>no changes\n", _rig.Log, StringComparison.Ordinal);
        Assert.Equal("12ab", _rig.Data("a").Digest);
    }

    [Fact]
    public void What_looks_after_repositories_has_times_of_its_own_and_reads_all_data_in_slices()
    {
        _rig.Watch("docs", "1d", to: "/r");
        _rig.Config = new ConfigFile
        {
            Location = "c", Sources = [],
            Daemon = new DaemonConfig
            {
                Prune = new ScheduleConfig { Every = TimeSpan.FromDays(7) }, Check = new ScheduleConfig { Cron = "0 5 * * *" },
                AllDataIn = TimeSpan.FromDays(10),
            },
        };
        _rig.Run(minutes: 21 * 24 * 60);
        Assert.Equal(2, _rig.Begun("prune:/r").Count); // not on the first day
        IEnumerable<string> slices = _rig.Runs.Begun.Where(static r => r.Job.Name == "check:/r").SelectMany(static r => r.More);
        Assert.Equal(Enumerable.Range(0, 21).Select(static i => $"--read-data={(i % 10) + 1}/10"), slices);
    }

    [Fact]
    public void A_source_whose_schedule_makes_no_sense_is_named_and_keeps_no_other_from_its_run()
    {
        _rig.Watch("docs", "1h");
        _rig.Watch("odd", "99 * * * *", archive: "/x");
        DaemonRequest asked = _rig.After(1, ControlVerbs.Run, "odd");
        _rig.Run(minutes: 10);
        Assert.Single(_rig.Begun("docs"));
        Assert.Equal(JobStates.Wrong, _rig.Job("odd").State);
        Assert.False(asked.Wait(default)!.Ok);
    }
}
