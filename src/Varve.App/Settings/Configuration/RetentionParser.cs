using Varve.App.Settings.Table;
using Varve.Maintain.Retention;

namespace Varve.App.Settings.Configuration;

/// <summary>Makes a policy of its node.</summary>
internal static class RetentionParser
{
    /// <summary>The policy that stands in a mapping; null if none does.</summary>
    /// <exception cref="VarveException">Usage; also for a policy that keeps nothing.</exception>
    internal static RetentionPolicy? Find(Dictionary<string, ConfigNode> of)
    {
        if (!of.TryGetValue(ConfigKeys.Retention, out ConfigNode? node)) { return null; }
        Dictionary<string, ConfigNode> values = node.AsMapping($"'{ConfigKeys.Retention}'", ConfigKeys.OfRetention);
        var policy = new RetentionPolicy
        {
            Counts = [.. RetentionSettings.Counts.Where(c => values.ContainsKey(c.Setting.Key!))
                .Select(c => new CountRule(c.Period, Value(values, c.Setting)))],
            Within = [.. RetentionSettings.Reaches.Where(r => values.ContainsKey(r.Setting.Key!))
                .Select(r => new WithinRule(r.Period, Value(values, r.Setting)))],
            Tags = [.. (values.GetValueOrDefault(RetentionSettings.KeepTags.Key!)?.AsList($"'{RetentionSettings.KeepTags.Key}'") ?? [])
                .Select(static i => i.Parse(RetentionSettings.KeepTags, $"each of '{RetentionSettings.KeepTags.Key}'"))],
            KeepsFirst = Flag(values, RetentionSettings.KeepFirst),
            Zone = values.ContainsKey(RetentionSettings.Zone.Key!) ? Value(values, RetentionSettings.Zone) : null,
        };
        if (Flag(values, RetentionSettings.KeepThinned)) { policy = policy.Thinned(); }
        return policy.IsEmpty ? throw node.Wrong($"'{ConfigKeys.Retention}' has no rule of what is kept") : policy;
    }

    private static bool Flag(Dictionary<string, ConfigNode> values, FlagSetting setting) =>
        values.GetValueOrDefault(setting.Key!)?.AsFlag($"'{setting.Key}'") ?? false;

    private static T Value<T>(Dictionary<string, ConfigNode> values, ValueSetting<T> setting) =>
        values[setting.Key!].Parse(setting, $"'{setting.Key}'");
}
