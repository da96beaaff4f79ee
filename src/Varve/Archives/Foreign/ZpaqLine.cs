using Varve.Archives.Lists;

namespace Varve.Archives.Foreign;

/// <summary>Lines of <c>zpaq list</c> of version 7: times are UTC, names are as they are. Stateless; allocates nothing.</summary>
internal static class ZpaqLine
{
    private const int TimeLength = 19;

    /// <summary>Reads one; null, why it is none, or empty if it tells of no entry: what is printed above and below the list.</summary>
    internal static string? Read(ReadOnlySpan<byte> line, LocalTimes times, ref ListEntry entry)
    {
        if (line.IsEmpty || line.StartsWith("zpaq v"u8) || line.StartsWith("  -> "u8) || line.EndsWith(" MB"u8) || line.EndsWith(") shown"u8))
        {
            return "";
        }

        if (line.Length < TimeLength + 4 || line[0] is not ((byte)'-' or (byte)'=' or (byte)'#' or (byte)'?') || line[1] != (byte)' ')
        {
            return "does not begin with a mark and a time";
        }

        // Before 1970 zpaq prints no time that there is.
        bool hasTime = times.TryIso(line[2..(TimeLength + 2)], isUtc: true, out FileTime time, out long precision);
        ReadOnlySpan<byte> rest = line[(TimeLength + 2)..].TrimStart((byte)' ');
        int end = rest.IndexOf((byte)' ');
        if (end <= 0 || !ListNumbers.TryDecimal(rest[..end], out ulong size)) { return "has no size behind the time"; }
        rest = rest[(end + 1)..];
        // A letter or a space, and four digits or the letters of attributes; with -all no mode stands before a version.
        if (rest.Length < 7 || rest[5] is not (byte)' ') { return "has no mode behind the size"; }
        bool isDirectory = rest[0] == (byte)'d' || rest[^1] == (byte)'/';
        ReadOnlySpan<byte> name = rest[6..];
        entry = new ListEntry
        {
            Name = name, Time = time, HasTime = hasTime, Precision = precision, Size = (long)Math.Min(size, long.MaxValue),
            Kind = isDirectory ? EntryKind.Directory : EntryKind.None,
        };
        return null;
    }
}
