using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Lists;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Archives.Foreign;
using Varve.Archives.Lists;
using Varve.Archives.Plan;
using Varve.Model.Rules;
using Varve.Service;

namespace Varve.App.Commands.Archives;

/// <summary><c>varve plan</c>: what to save now.</summary>
internal static class PlanCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        GlobalOptions options = context.Options;
        if (options.ConfigurationError is { } error) { throw error; }
        var request = PlanRequest.Resolve(values, options.Json);
        CancellationToken cancelled = context.CancelOnSignal("stopping");
        using var planner = new Planner(request.Options with
        {
            Sort = Plans.FindSort(),
            Directory = context.Environment("TMPDIR") is { Length: > 0 } directory ? directory : "/tmp",
        }, () => Rules(values, context));
        var failures = new List<Failure>();
        long failed = 0, skipped = 0;
        int input = 0;
        foreach (byte[] path in values.All(PlanSettings.Live))
        {
            PathMapping mapping = request.Mapping(++input);
            foreach (BackupOptions walk in Walks(values, context, RawArguments.FromBytes(path)))
            {
                (IReadOnlyList<Failure> first, long count) = Plans.AddLive(
                    planner, walk, mapping, options.Repository, options.CacheRoot, context.Time, cancelled);
                failures.AddRange(first.Take(FailureReportLimit - failures.Count));
                failed += count;
            }
        }

        foreach (string file in values.All(PlanSettings.Lists))
        {
            PathMapping mapping = request.Mapping(++input);
            using Stream stream = ListInputs.Open(file);
            ListReader reader = ListInputs.Reader(
                stream, values.FindValue(ListSettings.AppliedFormat), file, values.Has(ListSettings.SkipBadLines), context);
            planner.AddThere(reader, mapping);
            ListInputs.SaySkipped(reader.Skipped, file, context);
            skipped += reader.Skipped;
        }

        int saved = 0;
        var times = new LocalTimes(values.Get(PlanSettings.SavedZone, context.Time.LocalTimeZone), context.Time.GetUtcNow());
        foreach (string file in values.All(PlanSettings.Saved))
        {
            PathMapping mapping = request.SavedMapping(++saved);
            using Stream stream = ListInputs.Open(file);
            var reader = new SavedReader(stream, values.FindValue(PlanSettings.SavedFormats), ListInputs.Name(file), times,
                ListInputs.Skip(values.Has(ListSettings.SkipBadLines), context));
            planner.AddSaved(reader, mapping);
            ListInputs.SaySkipped(reader.Skipped, file, context);
            skipped += reader.Skipped;
        }

        AddSnapshots(values, context, planner, request, saved, failure =>
        {
            failed++;
            if (failures.Count < FailureReportLimit) { failures.Add(failure); }
        });
        using var files = new PlanFiles(context, request.Format, request.Output, request.Options.VolumeSize is not null, request.Duplicates);
        planner.Run(files, cancelled);
        files.Finish();
        context.SayMore(files.Refused - FailureText.Printed);
        return context.Conclude(
            new PlanReport(planner.Summary, failures, failed, skipped, files.Refused),
            failed + files.Refused > 0 ? Outcome.Incomplete : Outcome.Done);
    }

    private const int FailureReportLimit = 10_000;

    private static void AddSnapshots(
        SettingValues values, CommandContext context, Planner planner, PlanRequest request, int saved, Action<Failure> failed)
    {
        string[] specs = values.All(PlanSettings.SavedSnapshot);
        if (specs.Length == 0) { return; }
        using Repository repository = context.Open();
        foreach (string text in specs)
        {
            (SnapshotInfo snapshot, byte[]? path) = context.Choose(repository, values.Query(values.Spec(text, context.Moments)));
            Plans.AddSnapshot(planner, repository, snapshot, path, request.SavedMapping(++saved), failed);
        }
    }

    private static IReadOnlyList<BackupOptions> Walks(SettingValues values, CommandContext context, string path) => BackupRequest.OfWalk(
        values, path, context.Options.Configuration, context.Options.Profile, context.Moments, context.Options.NoScan);

    /// <summary>The rules of the command line and of the configuration, as far as a name, a size and a time tell.</summary>
    private static PlanRules Rules(SettingValues values, CommandContext context)
    {
        BackupOptions rules = Walks(values, context, "/")[0];
        return new PlanRules(rules.ExcludeRules)
        {
            LargerThan = rules.ExcludeLargerThan, OlderThan = rules.ExcludeOlderThan, NewerThan = rules.ExcludeNewerThan,
        };
    }
}
