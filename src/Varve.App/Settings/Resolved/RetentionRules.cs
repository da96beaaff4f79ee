using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.Maintain.Retention;
using Varve.Model;

namespace Varve.App.Settings.Resolved;

/// <summary>Which policies hold: those of the command line, or else those of the configuration.</summary>
internal static class RetentionRules
{
    /// <summary>The policy that a command line has; null if it has no rule.</summary>
    internal static RetentionPolicy? OfLine(SettingValues values)
    {
        if (!RetentionSettings.Rules.Any(s => s != RetentionSettings.Zone && values.IsGiven(s))) { return null; }
        var policy = new RetentionPolicy
        {
            Counts = [.. RetentionSettings.Counts.Where(c => values.IsGiven(c.Setting))
                .Select(c => new CountRule(c.Period, values.Get(c.Setting, 0)))],
            Within = [.. RetentionSettings.Reaches.Where(r => values.IsGiven(r.Setting))
                .Select(r => new WithinRule(r.Period, values.Get(r.Setting, default)))],
            Tags = values.All(RetentionSettings.KeepTags), KeepsFirst = values.Has(RetentionSettings.KeepFirst),
            Zone = values.Find(RetentionSettings.Zone),
        };
        return values.Has(RetentionSettings.KeepThinned) ? policy.Thinned() : policy;
    }

    /// <summary>
    /// The policy for each history: that of the line, or else, for the sources that the configuration names, as this host records them with
    /// the key in use, their own, or the one for all.
    /// </summary>
    /// <exception cref="VarveException">Usage: there is no rule.</exception>
    internal static Func<Bytes32, RetentionPolicy?> Of(SettingValues values, GlobalOptions options, Repository repository)
    {
        if (OfLine(values) is { } typed) { return typed.IsEmpty ? throw NoRule() : _ => typed; }
        if (options.ConfigurationError is { } error) { throw error; }
        var policies = new Dictionary<Bytes32, RetentionPolicy>();
        foreach (SourceConfig source in options.Configuration?.Sources ?? [])
        {
            if ((source.Retention ?? options.Configuration!.Retention) is not { IsEmpty: false } policy) { continue; }
            policies[repository.HistoryOf(source.CanonicalRoot)] =
                values.Find(RetentionSettings.Zone) is { } zone ? policy with { Zone = zone } : policy;
        }

        return policies.Count == 0 ? throw NoRule() : history => policies.GetValueOrDefault(history);
    }

    private static VarveException NoRule() =>
        new(ErrorKind.Usage, Subject.Request("which snapshots are kept"), "is not said by any rule", Advice.NamePolicy);
}
