using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Schedules;
using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;

namespace Varve.App.Daemon;

/// <summary>What a run that is over makes of what is known of its job. Pure.</summary>
internal static class Settlement
{
    /// <summary>Changes the record of an entry as the outcome says.</summary>
    /// <param name="entry">Whose run is over.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="now">The time.</param>
    /// <param name="isStopping">The daemon is stopping: what was cut off goes on when it is back.</param>
    /// <param name="chance">0 to 1.</param>
    internal static void Apply(JobEntry entry, RunOutcome outcome, DateTimeOffset now, bool isStopping, double chance)
    {
        JobData data = entry.Data;
        DateTimeOffset began = data.Run?.Since ?? now;
        data.Run = null;
        data.LastEnd = now;
        if (outcome.IsCutOff && (isStopping || entry.IsAdopted))
        {
            // It is not done: the same run goes on at once, or when there is a daemon again.
            data.RetryAt = now;
            entry.LooksAtOnce = true;
            return;
        }

        if (!entry.IsOfChanges) { data.Slot = began; }
        data.State = outcome.State;
        (data.Message, data.Hint, data.FailureCount) = (outcome.Message, outcome.Hint, outcome.FailureCount);
        data.Snapshot = outcome.Snapshot ?? data.Snapshot;
        data.Digest = outcome.Digest ?? data.Digest;
        bool isDone = outcome.State is JobStates.Good or JobStates.Incomplete;
        if (isDone && (entry.Job.IsSource || entry.Job.Kind == JobKind.Drill)) { (data.Files, data.Bytes) = (outcome.Files, outcome.Bytes); }
        data.Failures = isDone ? 0 : data.Failures + 1;
        data.RetryAt = outcome.State == JobStates.Retrying ? now + Backoff.After(data.Failures, chance) : null;
        if (outcome.State == JobStates.Good) { data.LastGood = now; }
        // A slice in which damage was found was read as well.
        if (entry.Job.Kind == JobKind.Check && outcome.State is JobStates.Good or JobStates.Failed) { data.Slices++; }
    }
}
