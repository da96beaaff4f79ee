namespace Varve.App.Output.Progress;

/// <summary>
/// Turns positions into words: rates over the last seconds, percent and time left when the end is known. Not thread-safe.
/// </summary>
internal sealed class ProgressMeter
{
    private const int Samples = 32;

    /// <summary>The longest bar: one that is longer tells no more.</summary>
    private const int LongestBar = 60;

    /// <summary>What is shorter shows nothing.</summary>
    private const int ShortestBar = 8, ShortestPath = 12;

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

    /// <summary>Takes a position and describes it in one line of any length.</summary>
    internal string Describe(in Position position)
    {
        string rates = Rates(in position), left = Left(in position);
        string line = position.Phase + (Percent(in position) is { } percent ? $" {percent}%" : "");
        line += ", " + Counts(in position) + rates + Failed(in position);
        if (left.Length > 0) { line += $", {left} left"; }
        return position.At is { Length: > 0 } at ? $"{line}: {at}" : line;
    }

    /// <summary>Takes a position and draws two lines that fit so many columns: how far it is, and what it has done.</summary>
    internal (string First, string Second) Draw(in Position position, int room)
    {
        string rates = Rates(in position), left = Left(in position);
        string first = position.Phase;
        if (position.Share is { } share)
        {
            first += $" {Percent(in position),3}% ";
            string end = left.Length > 0 ? $" {left} left" : "";
            first += Bar(share, room - first.Length - end.Length) + end;
        }
        else { first += ", " + Human.Duration(Elapsed); }

        // Where there is little room the rates give way: to what is done, and to its name.
        string second = Counts(in position) + rates + Failed(in position);
        int wanted = position.At is { Length: > 0 } ? ShortestPath + 2 : 0;
        if (second.Length + wanted > room) { second = Counts(in position) + Failed(in position); }
        int rest = room - second.Length - 2;
        if (wanted > 0 && rest >= ShortestPath) { second += "  " + TextWidth.Tail(position.At!, rest); }
        return (first, second);
    }

    private static string Bar(double share, int room)
    {
        int length = Math.Min(LongestBar, room - 2);
        if (length < ShortestBar) { return ""; }
        int done = Math.Min(length - 1, (int)(share * length));
        return $"[{new string('=', done)}>{new string(' ', length - done - 1)}]";
    }

    // 99 and not 100: what is expected is an estimate, and there is always something left to do.
    private static int? Percent(in Position position) => position.Share is { } share ? Math.Min(99, (int)(share * 100)) : null;

    private static string Counts(in Position position) =>
        $"{Human.Count(position.Items)} {position.Noun}" + (position.Bytes > 0 ? ", " + Human.Size(position.Bytes) : "");

    private static string Failed(in Position position) => position.Failed > 0 ? $", {Human.Count(position.Failed)} failed" : "";

    private string Left(in Position position)
    {
        TimeSpan elapsed = Elapsed;
        return position.Share is > 0.01 and < 1 and var share && elapsed >= s_estimateAfter
            ? Human.Duration(elapsed * ((1 - share) / share)) : "";
    }

    private string Rates(in Position position)
    {
        long now = _time.GetTimestamp();
        (long stamp, long items, long bytes) = Oldest(now);
        _ring[_count++ % Samples] = (now, position.Items, position.Bytes);
        double seconds = Math.Max(0.001, _time.GetElapsedTime(stamp, now).TotalSeconds);
        string rate = $", {Human.Count(Math.Max(0, (long)((position.Items - items) / seconds)))} {position.Noun}/s";
        return position.Bytes == 0 ? rate : $"{rate}, {Human.Size(Math.Max(0, (long)((position.Bytes - bytes) / seconds)))}/s";
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
