using Varve.App.Invocation;
using Varve.App.Output.Retention;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Freeze;
using Varve.Maintain.Forget;
using Varve.Maintain.Retention;
using Varve.Vault.Snapshots;

namespace Varve.App.Commands.Retention;

/// <summary><c>varve forget</c>: what no rule keeps, or what is named.</summary>
internal static class ForgetCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string[] named = values.Arguments(RetentionSettings.Snapshots);
        string? damaged = values.Find(RetentionSettings.Damaged);
        bool hasRules = RetentionSettings.Rules.Any(values.IsGiven), isNarrowed = values.IsGiven(RetentionSettings.GroupBy)
            || values.IsGiven(HistorySettings.Tags) || values.IsGiven(HistorySettings.Path);
        if ((named.Length > 0 || damaged is not null) && (hasRules || isNarrowed))
        {
            throw LineErrors.Of(RetentionSettings.Forget, "which snapshots are forgotten is said by their names, or by rules of what is kept");
        }

        if (damaged is null) { return Run(values, context, named); }
        if (named.Length > 0 || values.Has(RetentionSettings.Stats))
        {
            throw LineErrors.Of(RetentionSettings.Forget, "--damaged goes with neither SNAPSHOT nor --stats");
        }

        bool isDryRun = values.Has(RetentionSettings.DryRun);
        using Repository repository = context.Open();
        ObjectName name = repository.ForgetDamaged(damaged, values.Find(RetentionSettings.Reason) ?? "", isDryRun);
        return context.Conclude(new DamagedForgottenReport(name, isDryRun), Outcome.Done);
    }

    private static Outcome Run(SettingValues values, CommandContext context, string[] named)
    {
        CancellationToken stop = context.CancelOnSignal("stopping");
        int damaged = 0;
        using Repository repository = context.Open();
        string[] tags = values.All(HistorySettings.Tags);
        byte[]? path = values.Find(HistorySettings.Path);
        if (tags.Length > 0 || path is not null) { repository.RequireFull("choosing by tags or paths"); }
        var request = new ForgetRequest
        {
            Filter = values.Filter(), Zone = context.Time.LocalTimeZone, Grouping = values.Get(RetentionSettings.GroupBy, Grouping.Lineage),
            AllowsEmpty = values.Has(RetentionSettings.AllowEmpty), IsDryRun = values.Has(RetentionSettings.DryRun),
            CountsFreed = values.Has(RetentionSettings.Stats), Why = values.Find(RetentionSettings.Reason) ?? "",
            Which = s => (tags.Length == 0 || s.Snapshot.Private?.Tags.Intersect(tags).Any() == true)
                && (path is null || (s.Snapshot.Private is { } names && Paths.IsAtOrBelow(path, names.CanonicalRoot))),
        };
        request = named.Length > 0 ? request with { Named = Chosen(named, values, context, repository) }
            : request with { PolicyOf = RetentionRules.Of(values, context.Options, repository) };
        ForgetResult result = repository.Forget(request, e =>
        {
            damaged++;
            context.Warn(Notice.Of(e) with { Advice = Advice.ForgetDamaged });
        }, stop);
        foreach (ForgetDecision decision in result.Decisions) { context.Results.Write(new KeepReport(decision)); }
        Outcome outcome = context.Conclude(new ForgetReport(result), damaged > 0 && named.Length == 0 ? Outcome.Incomplete : Outcome.Done);
        if (!result.IsDryRun) { repository.TrimCatalog(); }
        return outcome;
    }

    private static List<SnapshotInfo> Chosen(string[] named, SettingValues values, CommandContext context, Repository repository)
    {
        var chosen = new List<SnapshotInfo>();
        foreach (string typed in named)
        {
            SnapshotSpec spec = MarkedSnapshots.Whole(typed, context.Moments);
            chosen.Add(context.Choose(repository, new SnapshotQuery
            {
                Name = spec.Snapshot, Back = spec.Back, NotAfter = spec.NotAfter, Source = values.Find(SourceSettings.Source),
                Host = values.Find(SourceSettings.Host), Writer = values.Find(SourceSettings.Writer),
            }).Snapshot);
        }

        return chosen;
    }
}
