using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;

namespace Varve.Tests.App.Daemon;

/// <summary>A run of <see cref="FakeRuns"/>.</summary>
internal sealed class FakeRun(FakeRuns owner, FakeTime time, Job job, IReadOnlyList<string> more, TimeSpan takes, RunOutcome outcome) : IRun
{
    internal Job Job => job;

    internal IReadOnlyList<string> More => more;

    internal DateTimeOffset Began { get; } = time.GetUtcNow();

    internal DateTimeOffset EndsAt { get; private set; } = time.GetUtcNow() + takes;

    internal bool WasStopped { get; private set; }

    internal bool WasKilled { get; private set; }

    public int Process => 0;

    public bool HasEnded => time.GetUtcNow() >= EndsAt;

    /// <summary>It came to its own end.</summary>
    internal bool IsWhole => HasEnded && !WasStopped && !WasKilled;

    public RunOutcome Outcome() => WasStopped || WasKilled ? new RunOutcome { State = JobStates.Retrying, IsCutOff = true } : outcome;

    public void Stop()
    {
        if (HasEnded || owner.AreStubborn) { return; }
        WasStopped = true;
        EndsAt = time.GetUtcNow() + TimeSpan.FromSeconds(1);
    }

    public void Kill()
    {
        if (HasEnded) { return; }
        WasKilled = true;
        EndsAt = time.GetUtcNow();
    }

    public JobProgressPart? Progress() => null;

    public void Dispose() { }
}
