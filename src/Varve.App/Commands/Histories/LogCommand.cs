using Varve.App.Invocation;
using Varve.App.Output.Changes;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Freeze;
using Varve.History.Entries;
using Varve.History;
using Varve.History.Revisions;
using Varve.Vault.Snapshots;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve log</c>: what backups did, and what they saw.</summary>
internal static class LogCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        LogKind[] kinds = values.All(LogSettings.Kind);
        byte[]? path = values.Find(LogSettings.Path);
        CancellationToken stop = context.CancelOnSignal("stopping");
        using Repository repository = context.Open();
        if (values.Argument(LogSettings.Of) is { } typed)
        {
            if (((Setting[])[HistorySettings.Since, HistorySettings.Until, LogSettings.Last, LogSettings.Path]).Any(values.IsGiven))
            {
                throw LineErrors.Of(LogSettings.Command, "SNAPSHOT is one backup: --since, --until, --last and --path are for all of them");
            }

            ChosenSnapshot chosen = context.Choose(repository,
                values.Query(SnapshotSpec.Parse(typed, context.Moments)) with { Host = values.Find(SourceSettings.Host) });
            int entries = Show(context, repository.Log(chosen.Snapshot, chosen.Path, stop), chosen.Snapshot.Name, kinds);
            if (entries == 0) { context.Results.Empty("nothing of that kind"); }
            return Outcome.Done;
        }

        int shown = 0;
        IEnumerable<KnownRun> runs = Narrowed(repository.Runs(values.Filter(), stop), values, context.Moments);
        if (kinds.Length == 0 && path is null)
        {
            foreach (KnownRun run in runs)
            {
                shown++;
                context.Results.Write(new RunLogReport(run));
            }
        }
        else
        {
            repository.LogOfAll(runs.Where(r => path is null || IsOf(r, path)), r => path is null ? null : Below(r, path),
                (snapshot, entries) => shown += Show(context, entries, snapshot.Name, kinds), stop);
        }

        if (shown == 0) { context.Results.Empty(kinds.Length == 0 && path is null ? "no backups yet" : "no backup saw that"); }
        return Outcome.Done;
    }

    private static IEnumerable<KnownRun> Narrowed(IReadOnlyList<KnownRun> runs, SettingValues values, Moments moments)
    {
        var period = Period.Of(values, moments);
        IEnumerable<KnownRun> some = runs.Where(r => period.Has(r.Run.Start));
        return values.FindValue(LogSettings.Last) is { } last ? some.Take(last) : some;
    }

    private static bool IsOf(KnownRun run, byte[] path) =>
        Paths.IsAtOrBelow(path, run.Source.Canonical) || Paths.IsAtOrBelow(run.Source.Canonical, path);

    private static byte[]? Below(KnownRun run, byte[] path) =>
        Paths.IsAtOrBelow(path, run.Source.Canonical) ? Paths.Below(path, run.Source.Canonical).ToArray() : null;

    private static int Show(CommandContext context, IReadOnlyList<LoggedEntry> entries, ObjectName snapshot, LogKind[] kinds)
    {
        int shown = 0;
        foreach (LoggedEntry entry in entries)
        {
            var report = new LogEntryReport(entry, snapshot);
            if (kinds.Length > 0 && !kinds.Any(report.Is)) { continue; }
            shown++;
            context.Results.Write(report);
        }

        return shown;
    }
}
