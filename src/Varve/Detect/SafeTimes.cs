using Varve.Model;

namespace Varve.Detect;

/// <summary>
/// Before when a timestamp is safe, by the snapshot that recorded the state. Every state that is still current was confirmed by the
/// source's last whole snapshot; a state recorded after that (by a partial snapshot, or by the killed run that is being resumed) is as old
/// as the start of the run that recorded it; and for some the clock that stamps the files allows less. Immutable and thread-safe.
/// </summary>
internal sealed class SafeTimes
{
    /// <summary>Before and after every timestamp.</summary>
    internal static readonly FileTime Never = new(long.MinValue / 2, 0), Ever = new(long.MaxValue / 2, 0);

    private readonly FileTime _baseline;
    private readonly (long Number, FileTime Limit)[] _others;

    private SafeTimes(FileTime baseline, (long, FileTime)[] others)
    {
        _baseline = baseline;
        _others = others;
    }

    /// <summary>The moment a timestamp must precede for a state that snapshot <paramref name="recorded"/> recorded.</summary>
    public FileTime For(long recorded)
    {
        foreach ((long number, FileTime limit) in _others)
        {
            if (number == recorded) { return limit; }
        }

        return _baseline;
    }

    /// <summary>Creates it.</summary>
    /// <param name="baseline">For what no other limit is given of.</param>
    /// <param name="others">Snapshots, and the limit for what they recorded.</param>
    /// <param name="granularityNanoseconds">Coarsest step of the timestamps of the source's file systems: taken off each.</param>
    internal static SafeTimes Of(FileTime baseline, IEnumerable<(long Number, FileTime Limit)> others, long granularityNanoseconds) =>
        new(baseline.Minus(granularityNanoseconds), [.. others.Select(o => (o.Number, o.Limit.Minus(granularityNanoseconds)))]);
}
