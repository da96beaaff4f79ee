using System.Text;

namespace Varve.App.Output;

/// <summary>
/// Rows whose columns are as wide as what is in them. The first thousand are held back to measure them, the rest goes out at once, so that
/// a list of millions streams through; a cell that is wider than all of these moves what follows it to the right. The last column is not
/// padded.
/// </summary>
internal sealed class TextTable(TableShape shape, string zone, Action<string> print)
{
    private const int Most = 1000, MostLetters = 1 << 20;

    private readonly int[] _widths = new int[shape.Columns.Count];
    private readonly StringBuilder _line = new();
    private List<string[]>? _held = [];
    private long _letters;

    internal TableShape Shape => shape;

    /// <summary>Takes a row: a cell for each column; those at the end may be missing.</summary>
    internal void Add(string[] cells)
    {
        if (_held is null)
        {
            Print(cells);
            return;
        }

        _held.Add(cells);
        foreach (string cell in cells) { _letters += cell.Length; }
        if (_held.Count >= Most || _letters > MostLetters) { Flush(); }
    }

    /// <summary>Prints what is held back.</summary>
    internal void Flush()
    {
        if (_held is not { } rows) { return; }
        _held = null;
        if (rows.Count == 0) { return; }
        if (shape.HasHeadings) { rows.Insert(0, [.. shape.Columns.Select(Heading)]); }
        foreach (string[] row in rows)
        {
            // The last cell of a row is followed by nothing.
            for (int i = 0; i < row.Length; i++) { _widths[i] = Math.Max(_widths[i], i < _widths.Length - 1 ? TextWidth.Of(row[i]) : 0); }
        }

        foreach (string[] row in rows) { Print(row); }
    }

    private string Heading(TableColumn column) => column.IsTime ? $"{column.Heading} ({zone})" : column.Heading;

    private void Print(string[] cells)
    {
        _line.Clear().Append(' ', shape.Indent);
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0) { _line.Append(' ', shape.Gap); }
            bool isLast = i == shape.Columns.Count - 1;
            _line.Append(isLast ? cells[i] : TextWidth.Pad(cells[i], _widths[i], shape.Columns[i].IsRight));
        }

        print(_line.ToString().TrimEnd());
    }
}
