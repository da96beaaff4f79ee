namespace Varve.App.Daemon.Schedules;

/// <summary>
/// How long to wait after something failed that may go well later: a minute, then twice as long each time up to an hour, and by chance up
/// to a fifth more or less, so that many machines do not come back to a server at once.
/// </summary>
internal static class Backoff
{
    private static readonly TimeSpan s_first = TimeSpan.FromMinutes(1), s_longest = TimeSpan.FromHours(1);

    /// <summary>The wait after so many failures in a row, at least one; <paramref name="chance"/> is 0 to 1.</summary>
    internal static TimeSpan After(int failures, double chance)
    {
        double seconds = Math.Min(s_longest.TotalSeconds, s_first.TotalSeconds * Math.Pow(2, Math.Min(failures, 16) - 1));
        return TimeSpan.FromSeconds(seconds * (0.8 + (0.4 * chance)));
    }
}
