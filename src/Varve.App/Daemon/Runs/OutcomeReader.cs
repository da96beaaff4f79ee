using System.Text.Json;
using Varve.App.Daemon.Watch;
using Varve.App.Output;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Daemon.Runs;

/// <summary>Tells what came of a run. Pure, but for what it reads of the run's files.</summary>
internal static class OutcomeReader
{
    private const int Unknown = -1, Killed = 128 + 9;

    /// <summary>
    /// By its exit code, -1 if that is not known, and what it printed. <paramref name="wasStopped"/>: the daemon told it to stop.
    /// </summary>
    internal static RunOutcome Of(Job job, int exitCode, bool wasStopped, RunFiles files)
    {
        JsonElement? report = files.LastReport();
        IReadOnlyList<string> lines = files.ErrorLines();
        // A command that was done says so last. Who is not told how it ended goes by that.
        if (exitCode == Unknown)
        {
            if (report is not { } said) { return CutOff(lines); }
            exitCode = IsDamaged(job, said) ? ExitCodes.Failed : Failures(said) > 0 ? ExitCodes.Incomplete : ExitCodes.Done;
        }

        bool isCutOff = exitCode is ExitCodes.Interrupted or ExitCodes.Terminated or ExitCodes.HungUp || (exitCode == Killed && wasStopped);
        if (isCutOff) { return CutOff(lines); }
        RunOutcome outcome = Read(job, report) with { Lines = [.. lines.Select(Plain)] };
        return exitCode switch
        {
            ExitCodes.Done => outcome with { State = JobStates.Good },
            ExitCodes.Incomplete => Incomplete(outcome, lines, exitCode),
            // What a check found stays so until somebody does something about it.
            ExitCodes.Failed when report is { } said && IsDamaged(job, said) => outcome with
            {
                State = JobStates.Failed,
                Hint = "look at it: " + CommandText.Of(Shown(job)),
                Message = job.Kind == JobKind.Drill ? "files did not come back as they were saved" : "damage was found",
            },
            ExitCodes.Usage or ExitCodes.WrongKey => Failed(outcome, lines, exitCode) with { State = JobStates.Failed },
            _ => Failed(outcome, lines, exitCode),
        };
    }

    private static RunOutcome CutOff(IReadOnlyList<string> lines) => new()
    {
        State = JobStates.Retrying, IsCutOff = true, Message = "was cut off; the next run goes on from there",
        Lines = [.. lines.Select(Plain)],
    };

    private static RunOutcome Read(Job job, JsonElement? report)
    {
        if (report is not { } said) { return new RunOutcome { State = JobStates.Retrying }; }
        bool isArchive = job.Kind == JobKind.Archive;
        return new RunOutcome
        {
            State = JobStates.Retrying, FailureCount = Failures(said),
            Snapshot = RunFiles.Text(said, "snapshot"), Digest = isArchive ? RunFiles.Text(said, "digest") : null,
            Archive = isArchive && RunFiles.Text(said, "archive") is { } archive ? NameText.Escape(Path.GetFileName(archive)) : null,
            Files = RunFiles.Number(said, "files") ?? 0, Bytes = RunFiles.Number(said, "bytes") ?? 0,
            HasChanged = job.Kind == JobKind.Backup ? !IsTrue(said, "nothingChanged") && !IsTrue(said, "skipped")
                : isArchive && !IsTrue(said, "unchanged"),
        };
    }

    private static RunOutcome Failed(RunOutcome outcome, IReadOnlyList<string> lines, int exitCode)
    {
        foreach (string line in lines.Reverse())
        {
            if (RunFiles.Parse(line) is not { } found || !found.TryGetProperty("error", out JsonElement error)) { continue; }
            return outcome with { Message = RunFiles.Text(error, "message"), Hint = RunFiles.Text(error, "hint") };
        }

        string how = exitCode > 128 ? $"it was ended by signal {exitCode - 128}" : $"it ended with exit code {exitCode}";
        return outcome with { Message = lines.Count > 0 ? $"{how}: {lines[^1]}" : how };
    }

    // Nothing lacks, so it was a command that was to run afterwards.
    private static RunOutcome Incomplete(RunOutcome outcome, IReadOnlyList<string> lines, int exitCode)
    {
        outcome = outcome with { State = JobStates.Incomplete };
        return outcome.FailureCount > 0 ? outcome with { Message = Lacking(outcome.FailureCount) } : Failed(outcome, lines, exitCode);
    }

    private static string Plain(string line) =>
        RunFiles.Parse(line) is { } found && found.TryGetProperty("error", out JsonElement error)
            ? string.Join(": ", ((string?[])[RunFiles.Text(error, "message"), RunFiles.Text(error, "hint")]).Where(static t => t is not null))
            : line.StartsWith("varve: ", StringComparison.Ordinal) ? line["varve: ".Length..] : line;

    private static string[] Shown(Job job) => [.. job.Words.Where(static w => w != "--json")];

    private static string Lacking(long count) => $"{Human.Count(count, "path")} could not be saved";

    private static long Failures(JsonElement said) =>
        (RunFiles.Number(said, "failureCount") ?? 0) + (RunFiles.Number(said, "tornCount") ?? 0);

    private static bool IsDamaged(Job job, JsonElement said) =>
        (job.Kind == JobKind.Check && RunFiles.Number(said, "damageCount") > 0)
        || (job.Kind == JobKind.Drill && RunFiles.Number(said, "faultCount") > 0);

    private static bool IsTrue(JsonElement said, string member) =>
        said.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
