using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Parts;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Archives.Lists;
using Varve.Model;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve ls</c>: a directory of a snapshot.</summary>
internal static class LsCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        if (values.IsGiven(ListSettings.Live)) { return LiveListCommand.Run(values, context); }
        if (BackupSettings.OfWalks.FirstOrDefault(values.IsGiven) is { } rule)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(rule.Name), "is for a tree as it is now", Advice.ListLive);
        }

        ListFormat? format = ListRequest.Format(values, context.Options.Json);
        SnapshotSpec spec = values.Spec(values.Argument(HistorySettings.Snapshot), context.Moments);
        EntryView view = values.Has(HistorySettings.Null) ? EntryView.Raw
            : values.Has(HistorySettings.Long) ? EntryView.Long : EntryView.Short;
        using Repository repository = context.Open();
        (SnapshotInfo snapshot, byte[]? path) = context.Choose(repository, values.Query(spec));
        if (values.Has(HistorySettings.Pending))
        {
            foreach (PendingFile file in repository.PendingFiles(snapshot)) { context.Results.Write(new PendingReport(file, view)); }
            return Outcome.Done;
        }

        long failed = 0;
        SnapshotList? list = format is null ? null : new SnapshotList(repository, snapshot, path, format.Value, context);
        SortOrder order = values.Get(HistorySettings.EntryOrder, SortOrder.Name);
        bool isRecursive = values.Has(HistorySettings.Recursive), hasSums = values.Has(HistorySettings.Sums);
        ListedSums? sums = hasSums || order != SortOrder.Name ? new(isRecursive, DepthOf(path)) : null;
        repository.ListEntries(snapshot, path, isRecursive || hasSums, entry =>
        {
            if (sums is null) { Write(entry, null); }
            else { sums.Add(entry); }
        }, failure =>
        {
            if (failed++ < FailureText.Printed) { context.Say(failure); }
        }, values.Has(RestoreSettings.NoLimits));
        foreach ((ListedEntry entry, long sum) in Sorted(sums?.Entries ?? [], order, hasSums)) { Write(entry, hasSums ? sum : null); }

        context.SayMore(failed - FailureText.Printed);
        return failed + (list?.Finish() ?? 0) > 0 ? Outcome.Incomplete : Outcome.Done;

        void Write(ListedEntry entry, long? sum)
        {
            if (list is not null) { list.Add(entry); }
            else { context.Results.Write(new EntryReport(entry, view, sum)); }
        }
    }

    private static int DepthOf(byte[]? path)
    {
        ReadOnlySpan<byte> trimmed = (path ?? []).AsSpan().Trim((byte)'/');
        return trimmed.IsEmpty ? 0 : trimmed.Count((byte)'/') + 1;
    }

    /// <summary>What is equal stays in the order of names.</summary>
    private static IEnumerable<(ListedEntry Entry, long Sum)> Sorted(
        IEnumerable<(ListedEntry Entry, long Sum)> entries, SortOrder order, bool hasSums) => order switch
        {
            SortOrder.Size => entries.OrderByDescending(e => hasSums ? e.Sum : e.Entry.Size),
            SortOrder.Time => entries.OrderByDescending(static e => e.Entry.Modified),
            _ => entries,
        };
}
