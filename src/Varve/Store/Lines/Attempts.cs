using Varve.Model;

namespace Varve.Store.Lines;

/// <summary>
/// How often one operation is tried: up to 7 times in some 20 seconds, and however long the tries take, with pauses that grow and differ by
/// chance, so that many machines do not come back at once. Who asks for a longer pause gets it, up to a minute each. Somebody may want a
/// store to be waited for longer (<see cref="Retrying"/>): then it is tried once a minute. Not thread-safe.
/// </summary>
internal sealed class Attempts(ILineErrors errors, TimeProvider time, CancellationToken stopped, Retrying retrying = default)
{
    private const int Most = 7;
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250), s_longest = TimeSpan.FromSeconds(8),
        s_longestAsked = TimeSpan.FromSeconds(60);

    private long? _firstFailure;

    /// <summary>How many have failed.</summary>
    internal int Failed { get; private set; }

    /// <summary>Waits before the next; or throws what the failure of the last comes to, if there is to be no other.</summary>
    /// <exception cref="OperationCanceledException">Somebody has ended the pauses.</exception>
    internal void WaitAfter(Exception failure) => WaitAfterAsync(failure).GetAwaiter().GetResult();

    /// <summary>As <see cref="WaitAfter"/>, without holding the thread.</summary>
    internal async Task WaitAfterAsync(Exception failure)
    {
        ObjectDisposedException.ThrowIf(stopped.IsCancellationRequested, errors);
        _firstFailure ??= time.GetTimestamp();
        bool isWaitedFor = time.GetElapsedTime(_firstFailure.Value) < retrying.WaitFor;
        VarveException? final = errors.Final(failure);
        if (final is not null && !(isWaitedFor && final.IsRetryable)) { throw final; }
        bool isOften = ++Failed >= Most;
        if ((isOften && !isWaitedFor) || retrying.Cancelled.IsCancellationRequested) { throw final ?? errors.Lost(failure); }
        TimeSpan pause = isOften ? s_longestAsked : TimeSpan.FromTicks(Math.Min(s_longest.Ticks, s_first.Ticks << (Failed - 1)));
        pause *= 0.5 + (Random.Shared.NextDouble() / 2);
        if (errors.AskedPause(failure) is { } asked && asked > pause) { pause = asked < s_longestAsked ? asked : s_longestAsked; }
        retrying.Tell?.Invoke(final ?? errors.Lost(failure), pause);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopped, retrying.Cancelled);
        await Task.Delay(pause, time, both.Token).ConfigureAwait(false);
    }
}
