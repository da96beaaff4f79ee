using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Backup.Passes;

/// <summary>
/// Files and bytes to read, by age: all that a run which takes the newest first remembers of files that it does not read yet, however many
/// there are. What counts is how far a file's number (<see cref="AgeOrder"/>) lies below the top; 256 buckets to each doubling of that
/// distance, 0.5 MiB in all. So they are the finer the nearer, and a histogram from a bucket's own top on splits it further, down to one
/// file. Thread-safe.
/// </summary>
/// <param name="order">Tells the age of files.</param>
/// <param name="top">Files from that number on do not count.</param>
/// <param name="costOf">What a file of a size comes to.</param>
internal sealed class AgeHistogram(AgeOrder order, AgeNumber top, Func<long, long> costOf)
{
    private const int Fine = 8, PerDoubling = 1 << Fine, Buckets = (128 - Fine + 1) * PerDoubling;
    private static readonly AgeNumber s_one = new(0, 1);

    private readonly long[] _bytes = new long[Buckets], _files = new long[Buckets];

    /// <summary>The later of the two times that say when a file was changed.</summary>
    internal static FileTime LastChange(in EntryStat stat) => FileTime.Later(stat.Mtime, stat.Ctime);

    /// <summary>Counts a file that is to be read, if it lies below the top.</summary>
    internal void Add(in EntryStat stat)
    {
        AgeNumber number = order.Of(in stat);
        if (number >= top) { return; }
        int bucket = BucketOf(top - s_one - number);
        Interlocked.Increment(ref _files[bucket]);
        Saturating.Add(ref _bytes[bucket], costOf(stat.Size));
    }

    /// <summary>What all files come to together.</summary>
    internal long Bytes => Saturating.Sum(_bytes);

    /// <summary>How many there are.</summary>
    internal long Files => Saturating.Sum(_files);

    /// <summary>The newest files, whole buckets of them, that come to so many at most; none if the first bucket is more.</summary>
    internal AgeCut Cut(long mostBytes, long mostFiles)
    {
        var cut = new AgeCut(top, 0, 0);
        for (int i = 0; i < Buckets; i++)
        {
            if (_files[i] == 0) { continue; }
            if (_files[i] > mostFiles - cut.Files || _bytes[i] > mostBytes - cut.Bytes) { break; }
            cut = new AgeCut(FloorOf(i), cut.Files + _files[i], cut.Bytes + _bytes[i]);
        }

        return cut;
    }

    /// <summary>The first bucket that has any; and a top that splits it, or null if all of its files have one number.</summary>
    internal AgeCut First(out AgeNumber? finer)
    {
        int first = Array.FindIndex(_files, static f => f > 0);
        AgeNumber start = StartOf(first);
        finer = StartOf(first + 1) - start <= s_one ? null : top - start;
        return new AgeCut(FloorOf(first), _files[first], _bytes[first]);
    }

    private AgeNumber FloorOf(int bucket) =>
        bucket + 1 >= Buckets || StartOf(bucket + 1) > top ? default : top - StartOf(bucket + 1);

    internal static int BucketOf(AgeNumber distance)
    {
        int doubling = distance.Log2;
        if (doubling < Fine) { return (int)distance.Tie; }
        return ((doubling - Fine + 1) * PerDoubling) + (int)(distance.From(doubling - Fine) & (PerDoubling - 1));
    }

    /// <summary>The least distance that is in a bucket.</summary>
    internal static AgeNumber StartOf(int bucket)
    {
        if (bucket < PerDoubling) { return new AgeNumber(0, (ulong)bucket); }
        int doubling = (bucket / PerDoubling) + Fine - 1;
        return doubling > 127 ? new AgeNumber(ulong.MaxValue, ulong.MaxValue)
            : AgeNumber.Shifted((ulong)(PerDoubling + (bucket % PerDoubling)), doubling - Fine);
    }
}
