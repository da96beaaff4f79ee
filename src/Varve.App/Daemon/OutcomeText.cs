using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;
using Varve.App.Output;
using Varve.App.Output.Daemon;

namespace Varve.App.Daemon;

/// <summary>What the log says of a run that is over.</summary>
internal static class OutcomeText
{
    internal static string Of(Job job, RunOutcome outcome)
    {
        bool isDone = outcome.State is JobStates.Good or JobStates.Incomplete;
        string hint = outcome.Hint is { } advice ? $" ({advice})" : "";
        if (!isDone) { return (outcome.IsCutOff ? "" : "failed: ") + (outcome.Message ?? "nothing tells why") + hint; }
        string lacking = outcome.State == JobStates.Incomplete ? $", but {outcome.Message}" : "";
        if (!job.IsSource) { return "done" + lacking; }
        string size = $"{Human.Count(outcome.Files, "file")}, {Human.Size(outcome.Bytes)}";
        string what = !outcome.HasChanged ? "no changes"
            : job.Kind == JobKind.Archive ? $"archived {outcome.Archive} ({size})"
            : $"backed up, snapshot {(outcome.Snapshot is { Length: > 8 } name ? name[..8] : outcome.Snapshot)} ({size})";
        return what + lacking;
    }
}
