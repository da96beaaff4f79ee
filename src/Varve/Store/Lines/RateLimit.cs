using Varve.Model;

namespace Varve.Store.Lines;

/// <summary>
/// So many bytes a second at most, over all who share it: whoever moves bytes waits until those before are paid for. What was not used is
/// not saved up. Thread-safe.
/// </summary>
/// <param name="bytesPerSecond">At least <see cref="Least"/>.</param>
/// <param name="time">Counts the pauses.</param>
internal sealed class RateLimit(long bytesPerSecond, TimeProvider time)
{
    /// <summary>With less a line would be taken for dead.</summary>
    internal const int Least = 16 << 10;

    private const int LargestPiece = 64 << 10, PiecesPerSecond = 8;

    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();
    private TimeSpan _paid; // guarded by _lock

    /// <summary>How many bytes are moved at once, so that the flow is even.</summary>
    internal int Piece { get; } = (int)Math.Min(LargestPiece, Math.Max(1, bytesPerSecond / PiecesPerSecond));

    /// <summary>How many bytes may wait for it: what it moves in two seconds, at most <paramref name="most"/>.</summary>
    internal long Queue(long most) => bytesPerSecond > most / 2 ? most : bytesPerSecond * 2;

    /// <summary>The limit; null where there is none.</summary>
    /// <exception cref="VarveException">Usage: it is too low.</exception>
    internal static RateLimit? Of(long? bytesPerSecond, TimeProvider time) => bytesPerSecond switch
    {
        null => null,
        >= Least => new RateLimit(bytesPerSecond.Value, time),
        _ => throw new VarveException(ErrorKind.Usage, Subject.Request("the limit of rate"), "is less than 16 KiB a second"),
    };

    /// <summary>Waits until so many bytes more may be moved.</summary>
    internal void Take(int bytes) => TakeAsync(bytes, default).AsTask().GetAwaiter().GetResult();

    /// <summary>As <see cref="Take"/>, without holding the thread.</summary>
    /// <exception cref="OperationCanceledException">The bytes count all the same.</exception>
    internal ValueTask TakeAsync(int bytes, CancellationToken cancelled)
    {
        TimeSpan pause;
        lock (_lock)
        {
            TimeSpan now = time.GetElapsedTime(_start);
            if (_paid < now) { _paid = now; }
            pause = _paid - now;
            _paid += TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
        }

        // A timer goes in milliseconds: what is shorter is waited for with the next.
        return pause < TimeSpan.FromMilliseconds(2) ? default : new ValueTask(Task.Delay(pause, time, cancelled));
    }
}
