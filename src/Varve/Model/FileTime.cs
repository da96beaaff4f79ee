using System.Globalization;

namespace Varve;

/// <summary>A moment as file systems keep it: seconds since 1970 UTC (negative before) and nanoseconds (0 to 999,999,999).</summary>
public readonly record struct FileTime(long Seconds, int Nanoseconds) : IComparable<FileTime>
{
    // What .NET's DateTimeOffset can express: the years 1 to 9999.
    private const long FirstSecond = -62135596800, LastSecond = 253402300799;

    /// <summary>RFC 3339 in UTC with nine decimals; <c>@seconds.nanoseconds</c> outside the years 1 to 9999.</summary>
    public override string ToString() => Seconds is < FirstSecond or > LastSecond
        ? string.Create(CultureInfo.InvariantCulture, $"@{Seconds}.{Nanoseconds:000000000}")
        : string.Create(CultureInfo.InvariantCulture,
        $"{DateTimeOffset.FromUnixTimeSeconds(Seconds):yyyy-MM-dd'T'HH:mm:ss}.{Nanoseconds:000000000}Z");

    /// <inheritdoc/>
    public int CompareTo(FileTime other)
    {
        int c = Seconds.CompareTo(other.Seconds);
        return c != 0 ? c : Nanoseconds.CompareTo(other.Nanoseconds);
    }

    /// <summary>The moment as a file time; 100 ns precision.</summary>
    public static FileTime From(DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }
        return new FileTime(seconds, (int)(rest * 100));
    }

    /// <summary>The nearest moment .NET can express (years 1 to 9999, 100 ns): for display, never for comparison.</summary>
    public DateTimeOffset ToDateTimeOffset()
    {
        long seconds = Math.Clamp(Seconds, FirstSecond, LastSecond);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(Nanoseconds / 100);
    }

    /// <summary>This moment less <paramref name="nanoseconds"/> (not negative).</summary>
    public FileTime Minus(long nanoseconds)
    {
        long s = Seconds - nanoseconds / 1_000_000_000;
        long n = Nanoseconds - nanoseconds % 1_000_000_000;
        return n < 0 ? new FileTime(s - 1, (int)(n + 1_000_000_000)) : new FileTime(s, (int)n);
    }

    /// <summary>This moment and <paramref name="nanoseconds"/> (not negative) more; at the end of all time it stays.</summary>
    internal FileTime Plus(long nanoseconds)
    {
        if (Seconds > long.MaxValue - (nanoseconds / 1_000_000_000) - 1) { return this; }
        long n = Nanoseconds + nanoseconds % 1_000_000_000;
        long s = Seconds + nanoseconds / 1_000_000_000;
        return n >= 1_000_000_000 ? new FileTime(s + 1, (int)(n - 1_000_000_000)) : new FileTime(s, (int)n);
    }

    /// <summary>The earlier of two.</summary>
    internal static FileTime Earlier(FileTime a, FileTime b) => a < b ? a : b;

    /// <summary>The later of two.</summary>
    internal static FileTime Later(FileTime a, FileTime b) => a > b ? a : b;

    /// <summary>Earlier than.</summary>
    public static bool operator <(FileTime left, FileTime right) => left.CompareTo(right) < 0;
    /// <summary>Later than.</summary>
    public static bool operator >(FileTime left, FileTime right) => left.CompareTo(right) > 0;
    /// <summary>Not later than.</summary>
    public static bool operator <=(FileTime left, FileTime right) => left.CompareTo(right) <= 0;
    /// <summary>Not earlier than.</summary>
    public static bool operator >=(FileTime left, FileTime right) => left.CompareTo(right) >= 0;
}
