namespace Varve.Archives.Lists;

/// <summary>
/// Reads a list from a stream, line by line, in constant memory: one buffer, as large as the longest line. The stream stays the caller's.
/// Not thread-safe.
/// </summary>
internal sealed class ListReader
{
    /// <summary>The longest line there may be, in bytes: what is longer is no list.</summary>
    internal const int LongestLine = 16 << 20;

    private readonly LineBuffer _lines;
    private readonly string _source;
    private ListFormat? _format;

    /// <param name="stream">The list.</param>
    /// <param name="format">Its format; null: the first line tells, unless a line has nothing but a name.</param>
    /// <param name="source">What the list is called in errors: its file.</param>
    internal ListReader(Stream stream, ListFormat? format, string source)
        : this(new LineBuffer(stream, source), format, source)
    {
    }

    /// <summary>Reads lines that somebody has begun to look at.</summary>
    internal ListReader(LineBuffer lines, ListFormat? format, string source) => (_lines, _format, _source) = (lines, format, source);

    /// <summary>
    /// Called with what is wrong with a line, which is skipped then; null, the default: that is thrown.
    /// </summary>
    internal Action<VarveException>? Skip { get; init; }

    /// <summary>Lines that were skipped.</summary>
    internal long Skipped { get; private set; }

    /// <summary>The number of the line that was read last, from 1.</summary>
    internal long Line { get; private set; }

    /// <summary>Reads the next line; false at the end. What it gives holds until the next call.</summary>
    /// <exception cref="VarveException">Usage: a malformed line, by file and line number. Storage: the list cannot be read.</exception>
    internal bool Read(ref ListEntry entry)
    {
        _format ??= ListSniffer.Find(_lines.Peek())
            ?? throw new VarveException(ErrorKind.Usage, Subject.Path(_source), "does not tell by its first line which format it has",
                Advice.NameListFormat);
        ListFormat format = _format.Value;
        while (true)
        {
            if (!NextLine(format, out ReadOnlySpan<byte> line)) { return false; }
            string? wrong = ListLine.Read(line, format, ref entry);
            if (wrong is null) { return true; }
            Refuse(wrong);
        }
    }

    /// <summary>The next line that is whole, without what ends it; false at the end.</summary>
    internal bool NextLine(ListFormat format, out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            line = _lines.Next(format, out bool isCut);
            if (line.IsEmpty && _lines.IsAtEnd) { return false; }
            Line++;
            if (!isCut) { return true; }
            Refuse($"is longer than {LongestLine >> 20} MiB, or cut short");
        }
    }

    /// <summary>The line that was read last is wrong, for a reason that only its reader knows: it is skipped, or thrown.</summary>
    internal void Refuse(string wrong)
    {
        var error = new VarveException(ErrorKind.Usage, Subject.Configuration(_source, Line), wrong, Advice.SkipBadLines);
        if (Skip is null) { throw error; }
        Skipped++;
        Skip(error);
    }
}
