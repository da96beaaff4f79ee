using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Model.Changes;
using Varve.Restore;

namespace Varve.App.Commands;

/// <summary><c>varve restore</c>: a snapshot, or what lies below a path of it, into a directory.</summary>
internal static class RestoreCommand
{
    private const int MostNamed = 3;

    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        new Thread(RestoreRunner.Prepare) { Name = "varve-prepare", IsBackground = true }.Start();
        context.AnswerRequests();
        Repository? repository = null;
        try
        {
            RestoreOptions options = RestoreRequest.Resolve(values, context.Moments,
                query => repository is { } open ? open.ChooseSnapshot(query) : context.Choose(repository = context.Open(), query),
                () => repository!.Options.Host.Name);
            return Run(repository!, options, values, context);
        }
        finally { repository?.Dispose(); }
    }

    private static Outcome Run(Repository repository, RestoreOptions options, SettingValues values, CommandContext context)
    {
        bool tells = context.Options.Verbose || options.DryRun && !context.Options.Quiet;
        var monitor = new RestoreMonitor
        {
            IsWatched = context.DrawsProgress,
            Entry = tells ? entry => context.Tell(new ChangedEntryReport(entry)) : null,
        };
        repository.LoadIndex(); // a signal still ends the program at once
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        bool asks = options is { Delete: true, DryRun: false } && !values.Has(RestoreSettings.Yes) && !context.Options.Json;
        if (asks && context.Ask is { } ask && !MayDelete(repository, options, context, ask, cancellation))
        {
            context.Say("nothing was restored");
            return Outcome.Failed;
        }

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

    /// <summary>Asks whether what the snapshot has not is to go, if there is anything.</summary>
    private static bool MayDelete(Repository repository, RestoreOptions options, CommandContext context, Func<string, string?> ask,
        CancellationToken cancellation)
    {
        var first = new List<string>();
        var monitor = new RestoreMonitor
        {
            Entry = entry =>
            {
                if (entry.Change == EntryChange.Gone && first.Count < MostNamed) { first.Add(NameText.Escape(entry.Path)); }
            },
        };
        RestoreResult would;
        using (context.Progress(() => PositionOf(monitor.Read())))
        {
            would = repository.Restore(options with { DryRun = true }, monitor, cancellation);
        }

        if (would.Deleted == 0) { return true; }
        string more = would.Deleted > first.Count ? ", …" : "";
        string what = $"{Human.Count(would.Deleted, "path")} below {NameText.Escape(would.Target)} ({Human.Size(would.DeletedBytes)}), which "
            + $"the snapshot has not: {string.Join(", ", first)}{more}";
        return ask($"{(options.KeepOld is null ? "Delete" : "Rename")} {what}? [y/N] ")?.Trim() is "y" or "Y" or "yes";
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
