using System.Text.Unicode;
using Varve.Model;

namespace Varve.Archives.Zip;

/// <summary>Names, times and modes as zip has them. Stateless.</summary>
internal static class ZipText
{
    private const long DosBegins = 315532800, DosEnds = 4354819198; // 1980-01-01T00:00:00Z to 2107-12-31T23:59:58Z

    /// <summary>Whether the flag for UTF-8 is to be set: the name is UTF-8, and not ASCII, which every reader takes.</summary>
    internal static bool IsMarkedUtf8(ReadOnlySpan<byte> name) => name.ContainsAnyInRange((byte)0x80, (byte)0xFF) && Utf8.IsValid(name);

    /// <summary>Date and time of DOS, in UTC so that the same tree gives the same bytes everywhere; the nearest there is.</summary>
    internal static uint ToDos(FileTime time)
    {
        DateTimeOffset t = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(time.Seconds, DosBegins, DosEnds));
        int date = ((t.Year - 1980) << 9) | (t.Month << 5) | t.Day;
        int clock = (t.Hour << 11) | (t.Minute << 5) | (t.Second >> 1);
        return ((uint)date << 16) | (uint)clock;
    }

    /// <summary>What such a date and time mean, in UTC; null if they mean nothing.</summary>
    internal static FileTime? FromDos(uint dos)
    {
        int date = (int)(dos >> 16), clock = (int)(dos & 0xFFFF);
        (int year, int month, int day) = (1980 + (date >> 9), (date >> 5) & 15, date & 31);
        (int hour, int minute, int second) = (clock >> 11, (clock >> 5) & 63, (clock & 31) * 2);
        bool isTime = month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60
            && second < 60;
        return isTime ? FileTime.From(new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero)) : null;
    }

    /// <summary>The mode with its kind, as stat has it.</summary>
    internal static uint ModeOf(in EntryStat stat) => (stat.Mode & 0xFFF) | stat.Kind switch
    {
        EntryKind.Directory => 0x4000u,
        EntryKind.Symlink => 0xA000u,
        _ => 0x8000u,
    };
}
