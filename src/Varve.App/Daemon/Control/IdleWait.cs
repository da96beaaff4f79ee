namespace Varve.App.Daemon.Control;

/// <summary>
/// Waits for news until something is due, at next to no cost: the loop looks at nothing in between. A clock that was set and a machine that
/// slept end it within a minute, since what is due is told by the clock. Used by one thread.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="hasNews">Waits for news for so long at most; whether there were any.</param>
/// <param name="meanwhile">Called at each look at the clock: the one who waits does not hang.</param>
/// <param name="most">Between two looks.</param>
internal sealed class IdleWait(TimeProvider time, Func<TimeSpan, bool> hasNews, Action meanwhile, TimeSpan most)
{
    // What a clock is set right by all the time is less.
    private static readonly TimeSpan s_drift = TimeSpan.FromSeconds(1);

    /// <summary>Waits for so long at most.</summary>
    internal void Run(TimeSpan longest)
    {
        (long began, DateTimeOffset clock) = (time.GetTimestamp(), time.GetUtcNow());
        for (TimeSpan waited = default; waited < longest; waited = time.GetElapsedTime(began))
        {
            TimeSpan left = longest - waited;
            if (hasNews(left < most ? left : most)) { return; }
            // A machine that sleeps counts in its clock, and not in the time that went by.
            TimeSpan jump = time.GetUtcNow() - clock - time.GetElapsedTime(began);
            if (jump.Duration() > s_drift) { return; }
            meanwhile();
        }
    }
}
