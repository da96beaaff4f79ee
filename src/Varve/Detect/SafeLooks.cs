using System.Collections.Concurrent;
using Varve.Model;

namespace Varve.Detect;

/// <summary>
/// Before when timestamps are safe, for each part of a source (decision 0004): not every snapshot has seen every part of it, and each file
/// system has its own clock. Thread-safe.
/// </summary>
/// <param name="looks">The source's snapshots, ascending, the running one included.</param>
/// <param name="place">Where it is read now.</param>
/// <param name="home">The place that the source stands for.</param>
/// <param name="granularityNanoseconds">Coarsest step of the timestamps of the source's file systems.</param>
internal sealed class SafeLooks(IReadOnlyList<Look> looks, byte[] place, byte[] home, long granularityNanoseconds)
{
    /// <summary>Two looks that are so far apart are not of one tick, whatever the file system is.</summary>
    private const long Apart = 2_000_000_000;

    private readonly ConcurrentDictionary<(long Gap, ulong? MountKey), SafeTimes> _times = new();

    /// <summary>
    /// For a file system (null: for any), and for what snapshots have not seen since <paramref name="gap"/> (0: all have): what was current
    /// then was seen last by the one before.
    /// </summary>
    public SafeTimes Since(long gap, ulong? mountKey) =>
        _times.TryGetValue((gap, mountKey), out SafeTimes? times) ? times : _times.GetOrAdd((gap, mountKey), Make);

    private SafeTimes Make((long Gap, ulong? MountKey) part)
    {
        FileTime baseline = SafeTimes.Never;
        long last = 0;
        foreach (Look look in looks)
        {
            if (HasSeen(look, part.Gap)) { (baseline, last) = (look.Start, look.Number); }
        }

        var limits = new List<(long, FileTime)>();
        for (int i = looks.Count - 1; i >= 0; i--)
        {
            Look look = looks[i];
            // A clock that was set back must not make an earlier confirmation worth less.
            FileTime byStart = look.Number > last ? FileTime.Later(look.Start, baseline) : baseline;
            FileTime bound = BoundOf(i, part.Gap, part.MountKey);
            if (look.Number > last || bound < byStart) { limits.Add((look.Number, FileTime.Earlier(byStart, bound))); }
        }

        return SafeTimes.Of(baseline, limits, granularityNanoseconds);
    }

    /// <summary>
    /// What the clock had passed when a state that a snapshot recorded was seen last. Without end once it was seen again so much later that
    /// the tick of its change was surely over.
    /// </summary>
    private FileTime BoundOf(int recorded, long gap, ulong? mountKey)
    {
        Look first = looks[recorded];
        FileTime bound = first.Bound(mountKey);
        for (int i = recorded + 1; i < looks.Count; i++)
        {
            Look again = looks[i];
            if (!HasSeen(again, gap)) { continue; }
            if (again.Start.Minus(Apart) > first.End && CountsAgain(first, again)) { return SafeTimes.Ever; }
            bound = FileTime.Later(bound, again.Bound(mountKey));
        }

        return bound;
    }

    private static bool HasSeen(Look look, long gap) => look.IsWhole && (gap == 0 || look.Number < gap);

    /// <summary>
    /// Whether the second look was surely at a later state than the first. Two at one place that is not the source's own may have been at
    /// one that was frozen, and say nothing about the state at another place.
    /// </summary>
    private bool CountsAgain(Look first, Look again) =>
        !first.Place.AsSpan().SequenceEqual(again.Place) || again.Place.AsSpan().SequenceEqual(place)
        || again.Place.AsSpan().SequenceEqual(home);
}
