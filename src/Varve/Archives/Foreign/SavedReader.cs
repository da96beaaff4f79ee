using Varve.Archives.Lists;
using Varve.Model.Bytes;

namespace Varve.Archives.Foreign;

/// <summary>
/// Reads a list of what was saved, in a format of Varve's or as another program prints it. Constant memory; the stream stays the caller's.
/// Not thread-safe.
/// </summary>
internal sealed class SavedReader
{
    private static readonly ListFormat s_lines = new(ListLayout.Names, IsNull: false);

    private readonly LineBuffer _lines;
    private readonly LocalTimes _times;
    private readonly ByteWriter _name = new(4096);
    private readonly ListReader _list;
    private SavedFormat? _format;

    /// <param name="stream">The list.</param>
    /// <param name="format">Its format; null: its first line tells.</param>
    /// <param name="source">What it is called in errors.</param>
    /// <param name="times">What its times mean where they have no zone.</param>
    /// <param name="skip">Told of lines that are skipped; null: they are thrown.</param>
    internal SavedReader(Stream stream, SavedFormat? format, string source, LocalTimes times, Action<VarveException>? skip)
    {
        (_format, _times) = (format, times);
        _lines = new LineBuffer(stream, source);
        _list = new ListReader(_lines, format?.Own, source) { Skip = skip };
    }

    /// <summary>Lines that were skipped.</summary>
    internal long Skipped => _list.Skipped;

    /// <summary>Reads the next entry; false at the end. What it gives holds until the next call.</summary>
    /// <exception cref="VarveException">Usage: a malformed line. Storage: the list cannot be read.</exception>
    internal bool Read(ref ListEntry entry)
    {
        _format ??= SavedFormat.Tell(_lines.Peek());
        SavedBy program = _format.Value.Program;
        if (program == SavedBy.Own) { return _list.Read(ref entry); }
        while (_list.NextLine(s_lines, out ReadOnlySpan<byte> line))
        {
            string? wrong = program switch
            {
                SavedBy.Zpaq => ZpaqLine.Read(line, _times, ref entry),
                SavedBy.Tar or SavedBy.BsdTar => TarLine.Read(line, program == SavedBy.BsdTar, _times, _name, ref entry),
                _ => JsonLine.Read(line, _times, _name, ref entry),
            };
            if (wrong is null && entry.Name.Contains((byte)0)) { wrong = "has a NUL in its name"; }
            if (wrong is null) { return true; }
            if (wrong.Length > 0) { _list.Refuse(wrong); }
        }

        return false;
    }
}
