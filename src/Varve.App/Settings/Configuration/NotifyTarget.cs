namespace Varve.App.Settings.Configuration;

/// <summary>Somebody who is told when something goes wrong, and when it is well again.</summary>
/// <param name="Kind">One of <see cref="ConfigKeys.Command"/>, <see cref="ConfigKeys.Mail"/> and <see cref="ConfigKeys.Webhook"/>.</param>
/// <param name="Value">A shell command, an address of mail, or a URL.</param>
/// <param name="From">Of mail: the sender; null: whoever the daemon is.</param>
internal sealed record NotifyTarget(string Kind, string Value, string? From)
{
    /// <summary>The same without what is a secret.</summary>
    internal string Label => Kind switch
    {
        ConfigKeys.Webhook => $"{Kind} to {new Uri(Value).Host}",
        ConfigKeys.Mail => $"{Kind} to {Value}",
        _ => Kind,
    };
}
