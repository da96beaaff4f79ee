namespace Varve.App.Settings.Configuration;

/// <summary>How a source is backed up when it changes.</summary>
/// <param name="Settle">Once nothing has changed for so long.</param>
/// <param name="AtMost">Once in so long at most, and no later while it goes on changing.</param>
internal sealed record ContinuousConfig(TimeSpan Settle, TimeSpan AtMost)
{
    /// <summary>What holds where nothing is said.</summary>
    internal static readonly TimeSpan UsualSettle = TimeSpan.FromSeconds(30), UsualAtMost = TimeSpan.FromMinutes(10);

    /// <summary>How often everything is looked at, where nothing is said.</summary>
    internal static readonly TimeSpan UsualEvery = TimeSpan.FromHours(1);
}
