using Varve.App.Daemon.Runs;
using Varve.App.Output.Daemon;
using Varve.Platform;

namespace Varve.Tests.App.Daemon;

/// <summary>The daemon is killed between any two of its steps; its runs go on. The next daemon carries on.</summary>
public sealed class KilledLoopTests
{
    public static TheoryData<string> Points =>
        [Gate.RunDecided, Gate.RunNoted, Gate.RunBegun, Gate.RunKnown, Gate.RunEnded, Gate.RunSettled];

    [Theory]
    [MemberData(nameof(Points))]
    public void Nothing_runs_twice_in_its_time_and_nothing_is_left_out(string point)
    {
        for (int at = 1; at <= 6; at++)
        {
            using var rig = new LoopRig();
            rig.Watch("a", "1h", to: "/r");
            rig.Watch("b", "0 * * * *", archive: "/x");
            rig.Runs.Script = static _ => (TimeSpan.FromMinutes(2), new RunOutcome { State = JobStates.Good, HasChanged = true });
            DateTimeOffset began = rig.Now;
            Kill(rig, point, at);
            rig.Run(minutes: (began.AddHours(5.5) - rig.Now).TotalMinutes);
            Assert.Equal(6, Whole(rig, "a"));
            Assert.Equal(6, Whole(rig, "b"));
            Assert.All(rig.Runs.Begun, static r => Assert.True(r.IsWhole));
            Assert.Null(rig.Data("a").Run);
        }
    }

    [Fact]
    public void A_run_that_was_killed_with_its_daemon_is_done_again_at_once()
    {
        using var rig = new LoopRig();
        rig.Watch("a", "0 3 * * *");
        rig.Runs.Script = static _ => (TimeSpan.FromMinutes(2), new RunOutcome { State = JobStates.Good, HasChanged = true });
        Kill(rig, Gate.RunKnown, 1);
        rig.Runs.Begun[0].Kill(); // the machine went down
        DateTimeOffset again = rig.Now;
        rig.Run(minutes: 60);
        Assert.Equal([again, again], rig.Begun("a"));
        Assert.Equal(JobStates.Good, rig.Data("a").State);
    }

    [Fact]
    public void A_daemon_that_is_killed_looks_at_nothing_before_its_time_when_it_is_back()
    {
        using var rig = new LoopRig();
        rig.Watch("a", "1h");
        Kill(rig, Gate.RunSettled, 1);
        rig.Run(minutes: 30);
        Assert.Single(rig.Begun("a"));
    }

    private static void Kill(LoopRig rig, string point, int at)
    {
        int seen = 0;
        Gate.Visit(p =>
        {
            if (p == point && ++seen == at) { throw new InvalidOperationException("killed"); }
        });
        try { Assert.Throws<InvalidOperationException>(rig.Loop); }
        finally { Gate.Visit(null); }
    }

    private static int Whole(LoopRig rig, string name) => rig.Runs.Begun.Count(r => r.Job.Name == name && r.IsWhole);
}
