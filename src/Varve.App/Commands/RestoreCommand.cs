using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Restore;

namespace Varve.App.Commands;

/// <summary><c>varve restore</c>: a snapshot, or what lies below a path of it, into a directory.</summary>
internal static class RestoreCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        new Thread(RestoreRunner.Prepare) { Name = "varve-prepare", IsBackground = true }.Start();
        context.AnswerRequests();
        Repository? repository = null;
        try
        {
            RestoreOptions options = RestoreRequest.Resolve(values, context.Moments,
                query => context.Choose(repository = context.Open(), query));
            return Run(repository!, options, values, context);
        }
        finally { repository?.Dispose(); }
    }

    private static Outcome Run(Repository repository, RestoreOptions options, SettingValues values, CommandContext context)
    {
        var monitor = new RestoreMonitor
        {
            IsWatched = context.DrawsProgress,
            Entry = context.Options.Verbose ? entry => context.Tell(new ChangedEntryReport(entry)) : null,
        };
        repository.LoadIndex(); // a signal still ends the program at once
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        RestoreResult result;
        try
        {
            using (context.Progress(() => PositionOf(monitor.Read()))) { result = repository.Restore(options, monitor, cancellation); }
        }
        finally
        {
            if (monitor.TargetIsIncomplete)
            {
                context.Say($"the target {NameText.Escape(options.Target)} is incomplete; this goes on with it: {Again(options, values)}");
            }
        }

        bool isWhole = result.FailureCount == 0 && !result.LacksMetadata && result.LackingCount == 0 && result.PendingFiles == 0;
        return context.Conclude(new RestoreReport(options, result, context.Next), isWhole ? Outcome.Done : Outcome.Incomplete);
    }

    /// <summary>The command as it was typed, with the snapshot named that it restored: by then another may be the latest.</summary>
    private static string Again(RestoreOptions options, SettingValues values)
    {
        string? typed = values.Argument(HistorySettings.Snapshot);
        string snapshot = options.Snapshot.Name + (options.Path is { Length: > 0 } path ? ":" + RawArguments.FromBytes(path) : "");
        List<string> line = [.. values.Line];
        int at = typed is null ? -1 : line.FindIndex(1, a => a == typed);
        while (at > 0 && TakesValue(line[at - 1])) { at = line.FindIndex(at + 1, a => a == typed); }
        if (at >= 0) { line[at] = snapshot; }
        else { line.Insert(line.IndexOf(RestoreSettings.Command.Path) + 1, snapshot); }
        return CommandText.Of(line);
    }

    private static bool TakesValue(string argument) => argument is ['-', ..]
        && !RestoreSettings.Command.AllSettings.Any(s => s.IsFlag && (s.Name == argument || s.Alias == argument));

    private static Position PositionOf(RestoreProgress p) =>
        new(p.Phase, "files", p.Files, p.Bytes, p.ExpectedFiles, p.ExpectedBytes, p.Failed)
        {
            At = p.Path is { Length: > 0 } path ? NameText.Escape(path) : null,
        };
}
