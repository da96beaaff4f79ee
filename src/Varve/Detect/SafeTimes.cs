using Varve.Model;

namespace Varve.Detect;

/// <summary>
/// Before when a timestamp is safe, by the snapshot that recorded the state. Every state that is still current was confirmed by the
/// source's last whole snapshot; a state recorded after that (by a partial snapshot, or by the killed run that is being resumed) is as old
/// as the start of the run that recorded it. Immutable and thread-safe.
/// </summary>
internal sealed class SafeTimes
{
    private readonly FileTime _baseline;
    private readonly (long Number, FileTime Start)[] _later;
    private readonly long _granularity;

    /// <summary>Creates it.</summary>
    /// <param name="baseline">Start of the last snapshot that is complete and not partial; null if there is none.</param>
    /// <param name="later">Number and start of each of the source's snapshots after that, the running one (if resumed) included.</param>
    /// <param name="granularityNanoseconds">Coarsest step of the timestamps of the source's file systems.</param>
    public SafeTimes(FileTime? baseline, IEnumerable<(long Number, FileTime Start)> later, long granularityNanoseconds)
    {
        _baseline = baseline is { } start ? start.Minus(granularityNanoseconds) : new FileTime(long.MinValue, 0);
        _later = [.. later];
        _granularity = granularityNanoseconds;
    }

    /// <summary>The moment a timestamp must precede for a state that snapshot <paramref name="recorded"/> recorded.</summary>
    public FileTime For(long recorded)
    {
        foreach ((long number, FileTime start) in _later)
        {
            if (number != recorded) { continue; }
            FileTime safe = start.Minus(_granularity);
            // A clock that was set back must not make an earlier confirmation worth less.
            return safe > _baseline ? safe : _baseline;
        }

        return _baseline;
    }
}
