using Varve.App.Invocation;
using Varve.App.Output.Archives;
using Varve.App.Output.Progress;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Archives.Extract;

namespace Varve.App.Commands.Archives;

/// <summary><c>varve extract</c>: an archive, whoever made it, into a directory.</summary>
internal static class ExtractCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        var limits = new ExtractLimits();
        var options = new ExtractOptions
        {
            Archive = Texts.Path(values.Argument(ArchiveSettings.ArchiveFile)!, "ARCHIVE"),
            Target = values.Find(ArchiveSettings.ExtractTarget)
                ?? throw new VarveException(ErrorKind.Usage, Subject.Command("extract"), "no target is given", Advice.SeeHelp),
            NoOwner = values.Has(RestoreSettings.NoOwner), NumericOwner = values.Has(RestoreSettings.NumericOwner),
            NoXattrs = values.Has(RestoreSettings.NoXattrs),
            Limits = new ExtractLimits
            {
                Entries = values.Get(ArchiveSettings.MostEntries, limits.Entries),
                Bytes = values.Get(ArchiveSettings.MostBytes, limits.Bytes),
                Ratio = values.Get(ArchiveSettings.MostRatio, (int)limits.Ratio),
            },
            Threads = values.Get(ArchiveSettings.Workers, Environment.ProcessorCount), Time = context.Time,
            Zone = context.Options.Utc ? TimeZoneInfo.Utc : context.Time.LocalTimeZone,
        };
        var tally = new ExtractTally();
        CancellationToken cancelled = context.CancelOnSignal("stopping; what is extracted stays (again to stop at once)");
        ExtractResult result;
        using (context.Progress(() => new Position("extracting", "files", tally.Files, tally.Bytes, null, null, 0)))
        {
            result = Extractor.Run(options, tally, cancelled);
        }

        bool isWhole = result.FailureCount == 0 && !result.LacksMetadata;
        return context.Conclude(new ExtractReport(options, result), isWhole ? Outcome.Done : Outcome.Incomplete);
    }
}
