using System.Text;

namespace Varve.App.Settings.Reference;

/// <summary>Text that is fitted to a width: no line is longer, and nothing is cut off.</summary>
internal sealed class HelpText(int width)
{
    private const int Indent = 2, Gap = 2;

    private readonly StringBuilder _text = new();

    /// <summary>A line between.</summary>
    internal void Blank() => _text.Append('\n');

    /// <summary>A title with a colon, after an empty line.</summary>
    internal void Heading(string title) => _text.Append('\n').Append(title).Append(":\n");

    /// <summary>Words in lines.</summary>
    internal void Paragraph(string text)
    {
        Wrap(text, at: 0, column: 0);
        _text.Append('\n');
    }

    /// <summary>What is explained on the left, the explanations on the right; nothing if there are no rows.</summary>
    internal void Rows(string title, (string Name, string Text)[] rows)
    {
        if (rows.Length == 0) { return; }
        Heading(title);
        int column = Math.Min(rows.Max(static r => r.Name.Length) + Indent + Gap, width * 2 / 5);
        foreach ((string name, string text) in rows)
        {
            _text.Append(' ', Indent);
            int end = Wrap(name, Indent, 2 * Indent);
            if (end > column - Gap)
            {
                _text.Append('\n');
                end = 0;
            }

            _text.Append(' ', column - end);
            Wrap(text, column, column);
            _text.Append('\n');
        }
    }

    /// <summary>A command that can be copied: what does not fit goes on in the next line, after a backslash unless within quotes.</summary>
    internal void Command(string command)
    {
        int at = Indent;
        char quote = '\0';
        _text.Append(' ', Indent);
        foreach (string word in command.Split(' '))
        {
            int length = (at > Indent ? 1 : 0) + word.Length;
            if (at > Indent && at + length > width - Gap)
            {
                _text.Append(quote == '\0' ? " \\\n" : "\n").Append(' ', 2 * Indent);
                at = 2 * Indent;
            }
            else if (at > Indent)
            {
                _text.Append(' ');
                at++;
            }

            _text.Append(word);
            at += word.Length;
            foreach (char c in word)
            {
                if (c is '\'' or '"' && (quote == '\0' || quote == c)) { quote = quote == '\0' ? c : '\0'; }
            }
        }

        _text.Append('\n');
    }

    /// <summary>The lines.</summary>
    public override string ToString() => _text.ToString();

    // The first line goes on at a column, the others begin at one; returns where the last ends.
    private int Wrap(string text, int at, int column)
    {
        bool isFirst = true;
        foreach (string word in text.Split(' '))
        {
            if (!isFirst && at + 1 + word.Length > width)
            {
                _text.Append('\n').Append(' ', column);
                at = column;
            }
            else if (!isFirst)
            {
                _text.Append(' ');
                at++;
            }

            _text.Append(word);
            at += word.Length;
            isFirst = false;
        }

        return at;
    }
}
