namespace Varve.App.Output;

/// <summary>
/// Standard error: messages, and on a terminal some lines below them that are rewritten in place. Thread-safe; a message never tears the
/// lines.
/// </summary>
internal sealed class StatusLine(TextWriter error, bool terminal, Func<int> width)
{
    private const int Narrowest = 11;

    private readonly Lock _lock = new();
    private int _shown; // lines; guarded by _lock

    /// <summary>Whether <see cref="Show"/> rewrites lines.</summary>
    internal bool IsTerminal => terminal;

    /// <summary>The colours of standard error.</summary>
    internal Ink Ink { get; init; } = Ink.None;

    /// <summary>Columns that a line may take: the last one is left alone, for some terminals go on to the next line there.</summary>
    internal int Room => Math.Max(Narrowest, width()) - 1;

    /// <summary>Shows the lines in the place of those that were shown before, cut to the terminal's width. Only on a terminal.</summary>
    internal void Show(params ReadOnlySpan<string> lines)
    {
        lock (_lock)
        {
            int room = Room;
            ToFirst();
            for (int i = 0; i < lines.Length; i++)
            {
                if (i > 0) { error.Write('\n'); }
                error.Write(TextWidth.Head(lines[i], room));
                error.Write("\e[K");
            }

            if (lines.Length < _shown) { error.Write("\e[J"); }
            error.Flush();
            _shown = lines.Length;
        }
    }

    /// <summary>Removes the lines.</summary>
    internal void Clear()
    {
        lock (_lock)
        {
            ClearLocked();
            error.Flush();
        }
    }

    /// <summary>Prints a line that stays.</summary>
    internal void Message(string text)
    {
        lock (_lock)
        {
            ClearLocked();
            error.WriteLine(text);
            error.Flush();
        }
    }

    /// <summary>Prints a message of the program and, in a line of its own, what to do.</summary>
    internal void Hinted(string message, string? hint)
    {
        Message("varve: " + NameText.Printable(message));
        if (hint is not null) { Message("       " + NameText.Printable(hint)); }
    }

    /// <summary>Writes elsewhere to the same terminal: the lines are removed before, and come again when they are shown next.</summary>
    internal void Aside(Action write)
    {
        lock (_lock)
        {
            ClearLocked();
            error.Flush();
            write();
        }
    }

    private void ClearLocked()
    {
        if (_shown == 0) { return; }
        bool several = _shown > 1;
        ToFirst();
        error.Write(several ? "\e[J" : "\e[K");
        _shown = 0;
    }

    private void ToFirst()
    {
        error.Write('\r');
        if (_shown > 1) { error.Write($"\e[{_shown - 1}A"); }
    }
}
