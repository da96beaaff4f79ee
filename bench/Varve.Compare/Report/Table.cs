using System.Text;

namespace Varve.Compare.Report;

/// <summary>Rows of cells, as aligned text or as a Markdown table.</summary>
internal sealed class Table(params IReadOnlyList<string> heads)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>Adds a row of as many cells as there are heads.</summary>
    public void Add(params IReadOnlyList<string> cells)
    {
        if (cells.Count != heads.Count) { throw new ArgumentException("One cell for each head.", nameof(cells)); }
        _rows.Add(cells);
    }

    /// <summary>Columns divided by spaces, each as wide as its widest cell.</summary>
    public string ToText()
    {
        int[] widths = heads.Select((head, i) => _rows.Select(r => r[i].Length).Append(head.Length).Max()).ToArray();
        var text = new StringBuilder();
        foreach (IReadOnlyList<string> row in _rows.Prepend(widths.Select(w => new string('-', w)).ToList()).Prepend(heads))
        {
            text.AppendLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }

        return text.ToString();
    }

    /// <summary>With pipes.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        foreach (IReadOnlyList<string> row in _rows.Prepend(heads.Select(_ => "---").ToList()).Prepend(heads))
        {
            text.Append("| ").AppendJoin(" | ", row.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).AppendLine(" |");
        }

        return text.ToString();
    }
}
