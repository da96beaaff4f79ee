using Varve.App.Settings.Table;

namespace Varve.App.Settings.Configuration;

/// <summary>Takes out of its keys whom the daemon tells what.</summary>
internal static class NotifyParser
{
    /// <summary>Those who are told.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static IReadOnlyList<NotifyTarget> Targets(Dictionary<string, ConfigNode> of) =>
        of.TryGetValue(ConfigKeys.Notify, out ConfigNode? list) ? [.. list.AsList($"'{ConfigKeys.Notify}'").Select(Target)] : [];

    /// <summary>The age of the last good backup at which an alert is due, or null.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static TimeSpan? AlertAfter(Dictionary<string, ConfigNode> of) =>
        of.TryGetValue(WatchSettings.AlertAfter.Key!, out ConfigNode? node)
            ? node.Parse(WatchSettings.AlertAfter, $"'{WatchSettings.AlertAfter.Key}'") : null;

    /// <summary>A URL that is pinged, or null.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static string? Ping(Dictionary<string, ConfigNode> of) =>
        of.TryGetValue(ConfigKeys.Ping, out ConfigNode? node) ? Url(node, $"'{ConfigKeys.Ping}'") : null;

    private static NotifyTarget Target(ConfigNode node)
    {
        Dictionary<string, ConfigNode> values = node.AsMapping($"each of '{ConfigKeys.Notify}'", ConfigKeys.OfNotify);
        string[] kinds = [.. ConfigKeys.NotifyKinds.Where(values.ContainsKey)];
        if (kinds.Length != 1) { throw node.Wrong($"each of '{ConfigKeys.Notify}' has one of {string.Join(", ", ConfigKeys.NotifyKinds)}"); }
        ConfigNode value = values[kinds[0]];
        ConfigNode? from = values.GetValueOrDefault(ConfigKeys.From);
        if (from is not null && kinds[0] != ConfigKeys.Mail) { throw from.Wrong($"'{ConfigKeys.From}' is of mail"); }
        string text = kinds[0] switch
        {
            ConfigKeys.Command => value.AsText($"'{ConfigKeys.Command}'"),
            ConfigKeys.Mail => Address(value, $"'{ConfigKeys.Mail}'"),
            _ => Url(value, $"'{ConfigKeys.Webhook}'"),
        };
        return new NotifyTarget(kinds[0], text, from is null ? null : Address(from, $"'{ConfigKeys.From}'"));
    }

    private static string Address(ConfigNode node, string what)
    {
        string text = node.AsText(what);
        return text[0] != '-' && !text.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || c is ',' or ';' or '<' or '>') ? text
            : throw node.Wrong($"{what} wants one address such as ada@example.org");
    }

    // The error does not repeat it: it may be a secret.
    private static string Url(ConfigNode node, string what) =>
        Uri.TryCreate(node.AsText(what), UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url is { Host.Length: > 0 }
            ? url.AbsoluteUri : throw node.Wrong($"{what} wants a URL that begins with https:// or http://");
}
