namespace Varve.Archives.Foreign;

/// <summary>Times that a list gives without a zone, and perhaps without a year. Immutable; allocates nothing.</summary>
/// <param name="zone">The zone that the list means.</param>
/// <param name="now">When it was made, about: a time without a year is of the twelve months up to a day after that.</param>
internal sealed class LocalTimes(TimeZoneInfo zone, DateTimeOffset now)
{
    private static readonly string[] s_months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private readonly DateTime _latest = TimeZoneInfo.ConvertTime(now, zone).DateTime.AddDays(1);

    /// <summary>
    /// <c>2026-11-29 10:15</c>, with seconds and a fraction or without, and a T in place of the space or not. <paramref name="precision"/>
    /// is what its last place stands for, in nanoseconds. <paramref name="isUtc"/>: not of the zone.
    /// </summary>
    internal bool TryIso(ReadOnlySpan<byte> text, bool isUtc, out FileTime time, out long precision)
    {
        (time, precision) = (default, 60_000_000_000);
        bool hasShape = text.Length >= 16 && text[4] == '-' && text[7] == '-' && text[10] is ((byte)' ' or (byte)'T') && text[13] == ':';
        if (!hasShape) { return false; }
        bool isSound = Digits(text[..4], out int year) & Digits(text[5..7], out int month) & Digits(text[8..10], out int day)
            & Digits(text[11..13], out int hour) & Digits(text[14..16], out int minute);
        int second = 0, nanoseconds = 0;
        if (text.Length > 16)
        {
            isSound &= text.Length >= 19 && text[16] == ':' && Digits(text[17..19], out second);
            precision = 1_000_000_000;
            if (isSound && text.Length > 20 && text[19] == '.')
            {
                foreach (byte digit in text[20..Math.Min(text.Length, 29)])
                {
                    isSound &= digit is >= (byte)'0' and <= (byte)'9';
                    precision /= 10;
                    nanoseconds += (digit - '0') * (int)precision;
                }
            }
            else { isSound &= text.Length == 19; }
        }

        return isSound && TryMake(year, month, day, hour, minute, second, nanoseconds, isUtc, out time);
    }

    /// <summary><c>Dec  1 11:25</c> or <c>Dec 31  1969</c>, as ls has it.</summary>
    internal bool TryLs(ReadOnlySpan<byte> text, out FileTime time, out long precision)
    {
        (time, precision) = (default, 60_000_000_000);
        int month = 0;
        while (month < 12 && !(text.Length == 12 && IsMonth(text, s_months[month]))) { month++; }
        if (month == 12 || !Digits(text[4..6].TrimStart((byte)' '), out int day)) { return false; }
        if (text[9] != ':')
        {
            precision = 86_400_000_000_000;
            return Digits(text[7..].TrimStart((byte)' '), out int year) && TryMake(year, month + 1, day, 0, 0, 0, 0, isUtc: false, out time);
        }

        if (!(Digits(text[7..9], out int hour) & Digits(text[10..], out int minute))) { return false; }
        bool isNext = (month + 1, day) is var date && (date.Item1 > _latest.Month || (date.Item1 == _latest.Month && date.day > _latest.Day));
        return TryMake(isNext ? _latest.Year - 1 : _latest.Year, month + 1, day, hour, minute, 0, 0, isUtc: false, out time);
    }

    private static bool IsMonth(ReadOnlySpan<byte> text, string month) => text[0] == month[0] && text[1] == month[1] && text[2] == month[2];

    private bool TryMake(int year, int month, int day, int hour, int minute, int second, int nanoseconds, bool isUtc, out FileTime time)
    {
        time = default;
        bool isTime = year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            && hour <= 23 && minute <= 59 && second <= 60;
        if (!isTime) { return false; }
        var local = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Unspecified);
        long seconds = (local.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        if (!isUtc) { seconds -= (long)zone.GetUtcOffset(local).TotalSeconds; }
        time = new FileTime(seconds, nanoseconds);
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9') { return false; }
            value = (value * 10) + digit - '0';
        }

        return text.Length is > 0 and <= 4;
    }
}
