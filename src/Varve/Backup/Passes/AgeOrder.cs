using Varve.Model;

namespace Varve.Backup.Passes;

/// <summary>
/// How new files are: a number for each, larger for the newer, by the time of the file to the nanosecond, then by its inode number, so that
/// files of one time have an order too, and that of the disk. Immutable.
/// </summary>
/// <param name="now">What lies after that is in the future: a time that nothing was changed at yet.</param>
/// <param name="byCtime">Whether the ctime of a file counts, and not its mtime.</param>
internal sealed class AgeOrder(FileTime now, bool byCtime)
{
    // What file systems keep lies within 2^33 seconds, 272 years, of 1970; all beyond counts as the end of that.
    private const long Seconds = 1L << 33;
    private const int NanosecondBits = 30;

    /// <summary>Above the number of any file.</summary>
    internal AgeNumber Top { get; } = new(Ticks(now) + 1, 0);

    /// <summary>The number of a file.</summary>
    internal AgeNumber Of(in EntryStat stat) => new(Ticks(TimeOf(in stat)), ~stat.Inode);

    /// <summary>The time that counts.</summary>
    private FileTime TimeOf(in EntryStat stat)
    {
        FileTime time = byCtime || stat.Mtime > now ? stat.Ctime : stat.Mtime;
        return FileTime.Earlier(time, now);
    }

    private static ulong Ticks(FileTime time)
    {
        if (time.Seconds < -Seconds) { return 0; }
        if (time.Seconds >= Seconds) { return ulong.MaxValue >> 1; }
        return ((ulong)(time.Seconds + Seconds) << NanosecondBits) | (uint)time.Nanoseconds;
    }
}
