namespace Varve.App.Settings.Configuration;

/// <summary>Whom the daemon tells what.</summary>
internal sealed record NotifyConfig
{
    internal static readonly NotifyConfig None = new();

    /// <summary>In the order of the file.</summary>
    internal IReadOnlyList<NotifyTarget> Targets { get; init; } = [];

    /// <summary>The URL that hears each hour whether all is well; null: none.</summary>
    internal string? Ping { get; init; }
}
