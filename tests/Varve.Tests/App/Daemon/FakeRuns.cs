using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;

namespace Varve.Tests.App.Daemon;

/// <summary>Runs that take their time by a clock that moves when told, and outlive the loop that began them.</summary>
internal sealed class FakeRuns(FakeTime time) : IRuns
{
    private readonly Dictionary<string, FakeRun> _last = [];

    /// <summary>All that were begun, in order.</summary>
    internal List<FakeRun> Begun { get; } = [];

    /// <summary>How long a run takes, and what comes of it.</summary>
    internal Func<Job, (TimeSpan Takes, RunOutcome Outcome)> Script { get; set; } =
        static _ => (TimeSpan.FromSeconds(20), new RunOutcome { State = JobStates.Good, HasChanged = true, Snapshot = "1234567890" });

    /// <summary>They go on when they are told to stop.</summary>
    internal bool AreStubborn { get; set; }

    /// <summary>When the next run ends that goes on now; null if none does.</summary>
    internal DateTimeOffset? NextEnd =>
        Begun.Where(r => !r.HasEnded).Select(static r => (DateTimeOffset?)r.EndsAt).Min();

    public void Clear(Job job) => _last.Remove(job.Name);

    public IRun Begin(Job job, IReadOnlyList<string> more, Action ended)
    {
        Assert.DoesNotContain(Begun, r => r.Job.Lane == job.Lane && !r.HasEnded);
        (TimeSpan takes, RunOutcome outcome) = Script(job);
        var run = new FakeRun(this, time, job, more, takes, outcome);
        Begun.Add(run);
        return _last[job.Name] = run;
    }

    public IRun Adopt(Job job, RunData run, Action ended) => _last.TryGetValue(job.Name, out FakeRun? found) ? found
        : new FakeRun(this, time, job, [], TimeSpan.Zero, new RunOutcome { State = JobStates.Retrying, IsCutOff = true });
}
