using Varve.App.Hooks;
using Varve.App.Invocation;
using Varve.App.Output.Archives;
using Varve.App.Output.Progress;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Archives.Write;
using Varve.Vault.Snapshots;

namespace Varve.App.Commands.Archives;

/// <summary><c>varve archive</c>: a dated archive of live paths, or of what a snapshot has.</summary>
internal static class ArchiveCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string[] paths = values.Arguments(ArchiveSettings.ArchivePaths);
        string? from = values.Find(ArchiveSettings.From);
        if (paths.Length > 0 == from is not null)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Command("archive"),
                from is null ? "no PATH is given" : "either PATH or --from is given, and not both", Advice.SeeHelp);
        }

        if (from is not null && BackupSettings.OfWalks.Any(values.IsGiven))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("--from"), "archives all that the snapshot has: no rule goes with it");
        }

        byte[] to = values.Find(ArchiveSettings.To)
            ?? throw new VarveException(ErrorKind.Usage, Subject.Command("archive"), "no directory is given for it", Advice.SeeHelp);
        var options = new ArchiveOptions
        {
            To = to, Paths = [.. paths.Select(static p => Texts.Path(p, "PATH"))],
            Walk = BackupRequest.OfWalk(values, "/", config: null, profile: null, context.Moments, noScan: null)[0],
            Format = values.Get(ArchiveSettings.Format, ArchiveFormat.Zip),
            Reproducible = values.Has(ArchiveSettings.Reproducible), Keep = values.FindValue(ArchiveSettings.Keep),
            Force = values.Has(ArchiveSettings.Force),
            VolumeSize = values.FindValue(ArchiveSettings.VolumeSize),
            Threads = values.Get(ArchiveSettings.Workers, Environment.ProcessorCount),
            Host = HostEnvironment.OfProcess().Name, Time = context.Time,
            Zone = context.Options.Utc ? TimeZoneInfo.Utc : context.Time.LocalTimeZone,
            SpoolPlace = Path.Combine(context.Options.CacheRoot, "archive-spool"), Note = context.Warn,
        };
        if (values.Find(ArchiveSettings.Template) is { } template) { options = options with { Template = template }; }
        return Hooked(options, from, values, context);
    }

    /// <summary>With the hooks around it that somebody wants.</summary>
    private static Outcome Hooked(ArchiveOptions options, string? from, SettingValues values, CommandContext context)
    {
        if (values.Find(ArchiveSettings.HooksOf) is not { } name) { return Run(options, from, values, context, null); }
        if (context.Options.ConfigurationError is { } error) { throw error; }
        ConfigFile? config = context.Options.Configuration;
        var facts = new HookFacts { Source = name, Path = options.Paths.Count > 0 ? options.Paths[0] : null, Archive = options.To };
        var hooks = new HookRounds(context, areOff: false);
        return hooks.Around(config?.Hooks, new HookFacts { Archive = options.To }, () =>
            hooks.Around(config?.Sources.FirstOrDefault(s => s.Name == name)?.Hooks, facts, () => Run(options, from, values, context, facts)));
    }

    private static Outcome Run(ArchiveOptions options, string? from, SettingValues values, CommandContext context,
        HookFacts? facts)
    {
        var monitor = new ArchiveMonitor();
        ArchiveResult result;
        if (from is null)
        {
            CancellationToken cancelled = context.CancelOnSignal("stopping, no archive is made (again to stop at once)");
            using (Progress(context, monitor)) { result = Archiver.Run(options, monitor, cancelled); }
        }
        else
        {
            using Repository repository = context.Open();
            ChosenSnapshot chosen = context.Choose(repository, values.Query(values.Spec(from, context.Moments)));
            CancellationToken cancelled = context.CancelOnSignal("stopping, no archive is made (again to stop at once)");
            using (Progress(context, monitor)) { result = Archiver.Run(repository, chosen, options, monitor, cancelled); }
        }

        if (facts is not null) { facts.FailureCount = result.FailureCount + result.TornCount; }
        bool isWhole = result.FailureCount == 0 && result.TornCount == 0;
        return context.Conclude(new ArchiveReport(result), isWhole ? Outcome.Done : Outcome.Incomplete);
    }

    private static ProgressLoop Progress(CommandContext context, ArchiveMonitor monitor) =>
        context.Progress(() => new Position("archiving", "files", monitor.Files, monitor.Bytes, null, null, 0));
}
