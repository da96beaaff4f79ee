namespace Varve.App.Output.Progress;

/// <summary>
/// Turns positions into lines: rates over the last seconds, percent and time left when the end is known. Not thread-safe.
/// </summary>
internal sealed class ProgressMeter
{
    private const int Samples = 32;

    /// <summary>The rates look back this far.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(5);

    /// <summary>Before this, an estimate of the time left would only jump about.</summary>
    private static readonly TimeSpan s_estimateAfter = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly (long Stamp, long Items, long Bytes)[] _ring = new (long, long, long)[Samples];
    private long _count;

    internal ProgressMeter(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _ring[0] = (_start, 0, 0);
        _count = 1;
    }

    /// <summary>Time since the meter was made.</summary>
    internal TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>Takes a position and describes it in one line.</summary>
    internal string Describe(in Position position)
    {
        long now = _time.GetTimestamp();
        (long stamp, long items, long bytes) = Oldest(now);
        _ring[_count++ % Samples] = (now, position.Items, position.Bytes);
        double seconds = Math.Max(0.001, _time.GetElapsedTime(stamp, now).TotalSeconds);

        double? share = position.Share;
        string line = position.Phase;
        if (share is not null)
        {
            // 99 and not 100: the expectation comes from an earlier run, and there is always something left to do.
            line += $" {Math.Min(99, (int)(share.Value * 100))}%";
        }

        line += $", {Human.Count(position.Items)} {position.Noun}, {Human.Size(position.Bytes)}";
        line += $", {Human.Count((long)((position.Items - items) / seconds))} {position.Noun}/s, "
            + $"{Human.Size((long)((position.Bytes - bytes) / seconds))}/s";
        if (position.Failed > 0) { line += $", {Human.Count(position.Failed)} failed"; }

        TimeSpan elapsed = Elapsed;
        if (share is > 0.01 and < 1 && elapsed >= s_estimateAfter)
        {
            line += $", {Human.Duration(elapsed * ((1 - share.Value) / share.Value))} left";
        }

        return line;
    }

    private (long Stamp, long Items, long Bytes) Oldest(long now)
    {
        for (long i = Math.Max(0, _count - Samples + 1); i < _count - 1; i++)
        {
            if (_time.GetElapsedTime(_ring[i % Samples].Stamp, now) <= s_window) { return _ring[i % Samples]; }
        }

        return _ring[(_count - 1) % Samples];
    }
}
