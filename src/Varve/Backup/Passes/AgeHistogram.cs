using System.Numerics;
using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Backup.Passes;

/// <summary>
/// Bytes to read, by how long ago they changed: all that a run which takes the newest first remembers of the files, however many there are.
/// The age of a file is that of the later of mtime and ctime, in seconds; sixteen buckets to each doubling. Thread-safe.
/// </summary>
/// <param name="now">What age is counted from.</param>
/// <param name="largest">Larger files are none of the bands: they come last.</param>
internal sealed class AgeHistogram(FileTime now, long largest)
{
    private const int Fine = 4, PerDoubling = 1 << Fine;
    private readonly long[] _bytes = new long[(64 - Fine + 1) * PerDoubling];
    private long _larger;

    /// <summary>Whether there are files of no band.</summary>
    internal bool HasLarger => Interlocked.Read(ref _larger) > 0;

    internal static FileTime LastChange(in EntryStat stat) => stat.Mtime > stat.Ctime ? stat.Mtime : stat.Ctime;

    /// <summary>Counts a file that is to be read. Each counts as something, or a million empty ones would be none.</summary>
    internal void Add(in EntryStat stat)
    {
        if (stat.Size > largest) { Interlocked.Increment(ref _larger); }
        else { Saturating.Add(ref _bytes[BucketOf(in stat)], Saturating.Add(stat.Size, 1024)); }
    }

    /// <summary>Whether a file is of a band or newer.</summary>
    internal bool IsWithin(in EntryStat stat, int band) => stat.Size <= largest && BucketOf(in stat) <= band;

    /// <summary>
    /// The bands, by their oldest bucket: the newest files, <paramref name="first"/> bytes of them at most (unless they are of one bucket),
    /// then those of twice as many bytes, and so on; all files are in one.
    /// </summary>
    internal IReadOnlyList<int> Bands(long first)
    {
        var bands = new List<int>();
        long bytes = 0, wanted = Math.Max(1, first);
        int last = Array.FindLastIndex(_bytes, static b => b > 0);
        for (int i = 0; i <= last; i++)
        {
            if (bytes > 0 && _bytes[i] > wanted - bytes)
            {
                bands.Add(i - 1);
                bytes = 0;
                wanted = wanted < long.MaxValue / 2 ? 2 * wanted : long.MaxValue;
            }

            bytes = Saturating.Add(bytes, _bytes[i]);
        }

        if (last >= 0) { bands.Add(last); }
        return bands;
    }

    /// <summary>Of all files together.</summary>
    internal long Bytes => Saturating.Sum(_bytes);

    private int BucketOf(in EntryStat stat) => BucketOf(LastChange(in stat));

    internal int BucketOf(FileTime time)
    {
        // A time in the future is as new as can be.
        ulong age = time.Seconds >= now.Seconds ? 0 : (ulong)(now.Seconds - time.Seconds);
        if (age < PerDoubling) { return (int)age; }
        int doubling = BitOperations.Log2(age);
        return ((doubling - Fine + 1) * PerDoubling) + (int)((age >> (doubling - Fine)) & (PerDoubling - 1));
    }
}
