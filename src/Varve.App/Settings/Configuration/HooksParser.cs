using Varve.App.Settings.Daemon;

namespace Varve.App.Settings.Configuration;

/// <summary>Takes out of its key what is run around a backup.</summary>
internal static class HooksParser
{
    /// <exception cref="VarveException">Usage.</exception>
    internal static HookConfig Parse(Dictionary<string, ConfigNode> of)
    {
        if (!of.TryGetValue(ConfigKeys.Hooks, out ConfigNode? node)) { return HookConfig.None; }
        Dictionary<string, ConfigNode> values = node.AsMapping($"'{ConfigKeys.Hooks}'", ConfigKeys.OfHooks);
        var hooks = new HookConfig
        {
            Before = Commands(values, ConfigKeys.Before), After = Commands(values, ConfigKeys.After),
            OnSuccess = Commands(values, ConfigKeys.OnSuccess), OnFailure = Commands(values, ConfigKeys.OnFailure),
        };
        return values.TryGetValue(ConfigKeys.TimeLimit, out ConfigNode? limit)
            ? hooks with { TimeLimit = limit.Parse(Spans.Parse, limit.AsText($"'{ConfigKeys.TimeLimit}'"), $"'{ConfigKeys.TimeLimit}'") }
            : hooks;
    }

    private static List<string> Commands(Dictionary<string, ConfigNode> values, string key) =>
        values.TryGetValue(key, out ConfigNode? list) ? [.. list.AsList($"'{key}'").Select(i => i.AsText($"each of '{key}'"))] : [];
}
