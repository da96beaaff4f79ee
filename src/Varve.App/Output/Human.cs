using System.Globalization;

namespace Varve.App.Output;

/// <summary>Numbers as people read them. Sizes are in powers of 1024.</summary>
internal static class Human
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>"812 B", "4.0 KiB", "214 MiB".</summary>
    internal static string Size(long bytes)
    {
        double value = bytes;
        int unit = 0;
        // 999.5 and not 1024: "1.0 MiB" reads better than "1,010 KiB", and rounding never gives four digits.
        while (Math.Abs(value) >= 999.5 && unit < s_units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        string format = unit > 0 && Math.Abs(value) < 99.95 ? "0.0" : "0";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + s_units[unit];
    }

    /// <summary>"78,635".</summary>
    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 file", "2 files": the plural by an s, or as given.</summary>
    internal static string Count(long count, string singular, string? plural = null) =>
        Count(count) + " " + (count == 1 ? singular : plural ?? singular + "s");

    /// <summary>"0.3 s", "12 s", "1 min 05 s", "2 h 03 min", "3 d 04 h".</summary>
    internal static string Duration(TimeSpan time)
    {
        double seconds = Math.Max(0, time.TotalSeconds);
        if (seconds < 9.95) { return seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s"; }

        long s = (long)Math.Round(Math.Min(seconds, 1e12));
        return s < 60 ? $"{s} s"
            : s < 3600 ? $"{s / 60} min {s % 60:00} s"
            : s < 86400 ? $"{s / 3600} h {s / 60 % 60:00} min"
            : $"{s / 86400} d {s / 3600 % 24:00} h";
    }

    /// <summary>"2026-11-22 10:00:05" in <paramref name="zone"/>.</summary>
    internal static string Time(FileTime time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>"2026-11-22 10:00:05 +01:00", or UTC: for where no heading says what zone it is.</summary>
    internal static string ZonedTime(FileTime time, TimeZoneInfo zone)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone);
        return local.ToString(IsUtc(zone) ? "yyyy-MM-dd HH:mm:ss 'UTC'" : "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
    }

    /// <summary>"Europe/Berlin", or "UTC"; of a zone without a proper name how far it is from UTC at that moment.</summary>
    internal static string ZoneName(TimeZoneInfo zone, DateTimeOffset now) =>
        IsUtc(zone) ? "UTC" : zone.HasIanaId ? zone.Id
        : TimeZoneInfo.ConvertTime(now, zone).ToString("'UTC'zzz", CultureInfo.InvariantCulture);

    private static bool IsUtc(TimeZoneInfo zone) => zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime;

    /// <summary>The first 8 digits of a name: enough to tell snapshots and keys apart for people.</summary>
    internal static string Short(ObjectName name) => name.ToString()[..8];

    /// <summary>The kind's letter and the twelve bits as <c>ls -l</c> shows them.</summary>
    internal static string Mode(EntryKind kind, uint mode)
    {
        Span<char> text = stackalloc char[10];
        text[0] = kind switch
        {
            EntryKind.Directory => 'd',
            EntryKind.Symlink => 'l',
            EntryKind.Fifo => 'p',
            EntryKind.Socket => 's',
            EntryKind.CharDevice => 'c',
            EntryKind.BlockDevice => 'b',
            _ => '-',
        };
        for (int i = 0; i < 9; i++) { text[i + 1] = (mode >> (8 - i) & 1) != 0 ? "rwx"[i % 3] : '-'; }

        Special(ref text[3], mode & 0x800, 's');
        Special(ref text[6], mode & 0x400, 's');
        Special(ref text[9], mode & 0x200, 't');
        return new string(text);
    }

    private static void Special(ref char execute, uint bit, char letter)
    {
        if (bit != 0) { execute = execute == 'x' ? letter : char.ToUpperInvariant(letter); }
    }
}
