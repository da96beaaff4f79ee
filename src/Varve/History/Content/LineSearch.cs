namespace Varve.History.Content;

/// <summary>
/// Finds lines in bytes that come piece by piece. A line ends at a line feed, and a carriage return before that is no part of it; of a line
/// of more than 1 MiB only the beginning is looked at. Not thread-safe.
/// </summary>
/// <param name="matcher">What is looked for.</param>
/// <param name="found">Takes the number of each line that matches, from 1, and the line, which is valid during the call; false ends the
/// search.</param>
internal sealed class LineSearch(LineMatcher matcher, LineSearch.Found found)
{
    /// <summary>What is kept of a line at most.</summary>
    internal const int LongestLine = 1 << 20;

    private byte[] _part = [];
    private int _kept;
    private long _line;
    private bool _isOpen;

    /// <summary>Takes a line that was found; false ends the search.</summary>
    internal delegate bool Found(long number, ReadOnlySpan<byte> line);

    /// <summary>The next bytes. False if the search is over.</summary>
    internal bool Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> here = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            if (end < 0 || _isOpen)
            {
                Keep(here);
                if (end < 0) { return true; }
                here = _part.AsSpan(0, _kept);
            }

            if (!IsWanted(here)) { return false; }
        }

        return true;
    }

    /// <summary>The end: the last line may have no line feed.</summary>
    internal void End()
    {
        if (_isOpen) { IsWanted(_part.AsSpan(0, _kept)); }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _isOpen = true;
        ReadOnlySpan<byte> some = bytes[..Math.Min(bytes.Length, LongestLine - _kept)];
        int needed = _kept + some.Length;
        if (_part.Length < needed) { Array.Resize(ref _part, Math.Max(needed, Math.Min(LongestLine, 2 * _part.Length))); }
        some.CopyTo(_part.AsSpan(_kept));
        _kept += some.Length;
    }

    private bool IsWanted(ReadOnlySpan<byte> line)
    {
        _line++;
        (_isOpen, _kept) = (false, 0);
        if (line.Length > LongestLine) { line = line[..LongestLine]; }
        if (line is [.., (byte)'\r']) { line = line[..^1]; }
        return !matcher.IsMatch(line) || found(_line, line);
    }
}
