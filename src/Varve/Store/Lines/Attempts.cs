namespace Varve.Store.Lines;

/// <summary>
/// How often one operation is tried: up to 7 times in some 20 seconds, and however long the tries take, with pauses that grow and differ by
/// chance, so that many machines do not come back at once. Who asks for a longer pause gets it, up to a minute each. Not thread-safe.
/// </summary>
internal sealed class Attempts(ILineErrors errors, TimeProvider time, CancellationToken stopped)
{
    private const int Most = 7;
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250), s_longest = TimeSpan.FromSeconds(8),
        s_longestAsked = TimeSpan.FromSeconds(60);

    /// <summary>How many have failed.</summary>
    internal int Failed { get; private set; }

    /// <summary>Waits before the next; or throws what the failure of the last comes to, if there is to be no other.</summary>
    internal void WaitAfter(Exception failure) => WaitAfterAsync(failure).GetAwaiter().GetResult();

    /// <summary>As <see cref="WaitAfter"/>, without holding the thread.</summary>
    internal Task WaitAfterAsync(Exception failure)
    {
        ObjectDisposedException.ThrowIf(stopped.IsCancellationRequested, errors);
        if (errors.Final(failure) is { } final) { throw final; }
        if (++Failed >= Most) { throw errors.Lost(failure); }
        TimeSpan pause = TimeSpan.FromTicks(Math.Min(s_longest.Ticks, s_first.Ticks << (Failed - 1)));
        pause *= 0.5 + (Random.Shared.NextDouble() / 2);
        if (errors.AskedPause(failure) is { } asked && asked > pause) { pause = asked < s_longestAsked ? asked : s_longestAsked; }
        return Task.Delay(pause, time, stopped);
    }
}
