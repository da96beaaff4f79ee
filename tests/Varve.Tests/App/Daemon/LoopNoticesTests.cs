using Varve.App.Daemon.Notices;
using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Configuration;

namespace Varve.Tests.App.Daemon;

/// <summary>What the daemon tells people and programs, by a clock that moves itself.</summary>
public sealed class LoopNoticesTests : IDisposable
{
    private static readonly RunOutcome s_good = new() { State = JobStates.Good, HasChanged = true, Snapshot = "1234567890" },
        s_same = new() { State = JobStates.Good }, s_failed = new() { State = JobStates.Retrying, Message = "there is no disk" },
        s_incomplete = new() { State = JobStates.Incomplete, FailureCount = 3, Message = "3 paths could not be saved" };

    private readonly LoopRig _rig = new();
    private RunOutcome _outcome = s_good;

    public LoopNoticesTests() => _rig.Runs.Script = _ => (TimeSpan.FromSeconds(10), _outcome);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void The_first_failure_is_told_and_the_recovery_and_nothing_in_between()
    {
        _rig.Watch("docs", "1h");
        _rig.After(90, () => _outcome = s_failed);
        _rig.After(10 * 60, () => _outcome = s_good);
        _rig.Run(minutes: 24 * 60);
        Assert.Equal(["failure docs", "recovery docs"], _rig.Notices.Lines);
        Assert.True(_rig.Runs.Begun.Count(static r => r.HasEnded) > 20);
        Assert.Equal("there is no disk", _rig.Notices.Told[0].Message);
        Assert.NotNull(_rig.Notices.Told[0].LastGood);
    }

    [Fact]
    public void That_holds_over_restarts_of_the_daemon()
    {
        _rig.Watch("docs", "1h");
        _outcome = s_failed;
        for (int i = 0; i < 5; i++) { _rig.Run(minutes: 200); }
        Assert.Equal(["failure docs"], _rig.Notices.Lines);
        _outcome = s_good;
        for (int i = 0; i < 3; i++) { _rig.Run(minutes: 200); }
        Assert.Equal(["failure docs", "recovery docs"], _rig.Notices.Lines);
    }

    [Fact]
    public void What_is_incomplete_is_told_by_itself_and_so_is_that_it_became_worse_and_better()
    {
        _rig.Watch("docs", "1h");
        _outcome = s_incomplete;
        _rig.After(300, () => _outcome = s_failed);
        _rig.After(600, () => _outcome = s_incomplete);
        _rig.After(900, () => _outcome = s_good);
        _rig.Run(minutes: 1200);
        Assert.Equal(["incomplete docs", "failure docs", "incomplete docs", "recovery docs"], _rig.Notices.Lines);
    }

    [Fact]
    public void An_alert_comes_when_the_last_good_one_is_too_old_and_a_run_that_found_no_change_is_good()
    {
        _rig.Config = ConfigParser.Parse("c", "alert-after: 6h\n");
        _rig.Watch("docs", "1h");
        _outcome = s_same;
        _rig.Run(minutes: 24 * 60);
        Assert.Empty(_rig.Notices.Told);
        _outcome = s_failed;
        DateTimeOffset began = _rig.Now;
        _rig.Run(minutes: 24 * 60);
        Assert.Equal(["failure docs", "alert docs"], _rig.Notices.Lines);
        Assert.InRange((_rig.Notices.Told[1].Time - began).TotalMinutes, 5 * 60, (6 * 60) + 40);
        _outcome = s_same;
        _rig.Run(minutes: 24 * 60);
        Assert.Equal(["failure docs", "alert docs", "recovery docs"], _rig.Notices.Lines);
    }

    [Fact]
    public void What_was_never_saved_is_as_old_as_it_is_known_and_pauses_and_restarts_do_not_hide_it()
    {
        _rig.Config = ConfigParser.Parse("c", "alert-after: 6h\n");
        _rig.Watch("docs", "1h");
        _rig.After(0, "pause", "docs");
        _outcome = s_failed;
        for (int i = 0; i < 10; i++) { _rig.Run(minutes: 60); }
        Assert.Equal("alert docs", Assert.Single(_rig.Notices.Lines, static l => l.StartsWith("alert", StringComparison.Ordinal)));
    }

    [Fact]
    public void Whoever_slept_for_days_does_first_what_became_due_and_tells_nothing()
    {
        _rig.Config = ConfigParser.Parse("c", "alert-after: 6h\n");
        _rig.Watch("docs", "1h");
        _rig.After(90, () => _rig.Time.Advance(72 * 3600));
        _rig.After(300, () => _rig.Time.Advance(72 * 3600));
        _rig.Run(minutes: 10 * 24 * 60);
        Assert.Empty(_rig.Notices.Told);
    }

    [Fact]
    public void An_alert_comes_in_its_minute_though_nothing_else_is_due()
    {
        _rig.Config = ConfigParser.Parse("c", "alert-after: 100m\n");
        _rig.Watch("docs", "30d");
        DateTimeOffset began = _rig.Now;
        _rig.Run(minutes: 24 * 60);
        Assert.InRange((Assert.Single(_rig.Notices.Told).Time - began).TotalMinutes, 105, 106); // with its grace, and the run of 10 s
    }

    [Fact]
    public void A_source_may_have_another_limit_and_what_looks_after_repositories_has_none()
    {
        _rig.Config = ConfigParser.Parse("c", """
            alert-after: 2h
            every: 1h
            daemon: {prune: {every: 30d}}
            sources: [{name: a, roots: [/a], alert-after: 20h}, {name: b, roots: [/b]}]
            """);
        _outcome = s_failed;
        _rig.Run(minutes: 10 * 60);
        Assert.Equal(["alert b", "failure a", "failure b"], _rig.Notices.Lines.Order());
    }

    [Fact]
    public void A_run_that_somebody_ended_is_no_failure()
    {
        _rig.Watch("docs", "1h");
        _outcome = new RunOutcome { State = JobStates.Retrying, IsCutOff = true };
        _rig.Run(minutes: 200);
        Assert.Empty(_rig.Notices.Told);
    }

    [Fact]
    public void Damage_that_a_check_finds_is_told_once()
    {
        _rig.Config = ConfigParser.Parse("c", "every: 12h\ndaemon: {check: {every: 1h}}\nsources: [{name: a, roots: [/a]}]\n");
        _rig.Runs.Script = static job => (TimeSpan.FromSeconds(10),
            job.Kind == JobKind.Check ? new RunOutcome { State = JobStates.Failed, Message = "damage was found" } : s_good);
        _rig.Run(minutes: 24 * 60);
        Assert.Equal(["failure check"], _rig.Notices.Lines);
    }

    [Fact]
    public void A_url_hears_of_each_run_when_it_begins_and_what_came_of_it()
    {
        _rig.Config = ConfigParser.Parse("c", "every: 1h\nsources: [{name: a, roots: [/a], ping: 'https://x.org/id?y=1'}]\n");
        _rig.After(30, () => _outcome = s_failed);
        _rig.Run(minutes: 60.5);
        Assert.Equal(
        [
            "https://x.org/id/start?y=1: a", "https://x.org/id?y=1: a: backed up, snapshot 12345678 (0 files, 0 B)",
            "https://x.org/id/start?y=1: a", "https://x.org/id/fail?y=1: a: failed: there is no disk",
        ], _rig.Notices.Pings);
    }

    [Fact]
    public void The_daemon_s_own_url_hears_each_hour_whether_all_is_well_and_at_once_when_that_changes()
    {
        _rig.Config = ConfigParser.Parse("c", "every: 2h\ndaemon: {ping: 'https://x.org/d'}\nsources: [{name: a, roots: [/a]}]\n");
        _rig.After(200, () => _outcome = s_failed);
        _rig.Run(minutes: 290);
        // At 0, 60, 120, 180 and 240, when the run begins that fails.
        Assert.Equal([.. Enumerable.Repeat("https://x.org/d: all is well", 5), "https://x.org/d/fail: something is wrong: a"],
            _rig.Notices.Pings);
    }

    [Fact]
    public void A_notice_is_durable_before_the_record_says_that_it_was_told()
    {
        _rig.Watch("docs", "1h");
        _outcome = s_failed;
        bool? wasTold = null;
        _rig.Notices.Telling = () => wasTold = _rig.Data("docs").Told is not null;
        _rig.Run(minutes: 5);
        Assert.False(wasTold);
        Assert.Equal(JobStates.Failed, _rig.Data("docs").Told);
    }
}
