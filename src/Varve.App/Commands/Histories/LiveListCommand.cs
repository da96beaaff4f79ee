using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Archives.Lists;
using Varve.Service;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve ls --live</c>: what a backup of a tree would save now, as a list.</summary>
internal static class LiveListCommand
{
    private static readonly Setting[] s_ofSnapshots =
        [HistorySettings.At, HistorySettings.EntryOrder, RestoreSettings.NoLimits, SourceSettings.Source, SourceSettings.HostOfLatest,
        SourceSettings.Writer, HistorySettings.TagsOfLatest];

    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        GlobalOptions options = context.Options;
        if (options.ConfigurationError is { } error) { throw error; }
        ListFormat format = ListRequest.OfLive(values, options.Json);
        string? ofSnapshots = values.Argument(HistorySettings.Snapshot) is not null ? HistorySettings.Snapshot.Name
            : s_ofSnapshots.FirstOrDefault(values.IsGiven)?.Name;
        if (ofSnapshots is not null)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(ofSnapshots), "is of snapshots, and --live of a tree as it is now",
                Advice.GiveOne);
        }

        using var output = new DumpStream(context.Out);
        CancellationToken cancelled = context.CancelOnSignal("stopping");
        long failed = 0;
        foreach (byte[] path in values.All(ListSettings.Live))
        {
            foreach (BackupOptions walk in BackupRequest.OfWalk(
                values, RawArguments.FromBytes(path), options.Configuration, options.Profile, context.Moments, options.NoScan))
            {
                (IReadOnlyList<Failure> failures, long count) = LiveTrees.List(
                    walk, format, output, options.Repository, options.CacheRoot, Refused, context.Time, cancelled);
                foreach (Failure failure in failures.Take(FailureText.Printed)) { context.Say(failure); }
                context.SayMore(count - FailureText.Printed);
                failed += count;
            }
        }

        return failed > 0 ? Outcome.Incomplete : Outcome.Done;

        void Refused(Failure failure)
        {
            failed++;
            context.Say(failure);
        }
    }
}
