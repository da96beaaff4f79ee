using System.Globalization;
using System.Text;

namespace Varve.Tests.Kit.Terminals;

/// <summary>
/// A terminal that understands what the program prints, and nothing else: carriage return, line feed, cursor up, erase to the end of the
/// line or the screen, colours. What goes beyond the right edge goes on in the next line, as terminals have it. Anything else is a failure
/// of the test.
/// </summary>
internal sealed class Screen(int columns)
{
    private readonly List<StringBuilder> _lines = [new()];
    private int _row, _column;

    /// <summary>The lines, without spaces at their ends, up to the last that has something in it.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            List<string> lines = _lines.ConvertAll(static l => l.ToString().TrimEnd());
            while (lines.Count > 0 && lines[^1].Length == 0) { lines.RemoveAt(lines.Count - 1); }
            return lines;
        }
    }

    /// <summary>All of it as one text.</summary>
    public string Text => string.Join('\n', Lines);

    /// <summary>Whether a line was ever longer than the terminal is wide.</summary>
    public bool HasWrapped { get; private set; }

    /// <summary>The colours that were asked for: parameters of "m", in their order.</summary>
    public List<string> Colours { get; } = [];

    /// <summary>Prints what a program wrote. Line feeds bring no carriage return of their own: the system's terminal adds it.</summary>
    public Screen Print(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\r': _column = 0; break;
                case '\n': Down(); break;
                case '\e': i = Escape(text, i); break;
                case var c when char.IsControl(c): throw new InvalidOperationException($"a control character {(int)c:x2} on the screen");
                default: Put(text[i]); break;
            }
        }

        return this;
    }

    private int Escape(string text, int at)
    {
        Assert.Equal('[', text[at + 1]);
        int end = at + 2;
        while (!char.IsLetter(text[end])) { end++; }
        string parameter = text[(at + 2)..end];
        switch (text[end])
        {
            case 'K': Erase(); break;
            case 'J':
                Erase();
                _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
                break;
            case 'A': _row -= int.Parse(parameter, CultureInfo.InvariantCulture); break;
            case 'm': Colours.Add(parameter); break;
            default: throw new InvalidOperationException($"an unknown sequence {text[(at + 1)..(end + 1)]}");
        }

        Assert.InRange(_row, 0, _lines.Count - 1);
        return end;
    }

    private void Erase()
    {
        StringBuilder line = _lines[_row];
        if (line.Length > _column) { line.Length = _column; }
    }

    private void Put(char c)
    {
        if (_column == columns)
        {
            HasWrapped = true;
            _column = 0;
            Down();
        }

        StringBuilder line = _lines[_row];
        while (line.Length <= _column) { line.Append(' '); }
        line[_column++] = c;
    }

    private void Down()
    {
        if (++_row == _lines.Count) { _lines.Add(new StringBuilder()); }
    }
}
