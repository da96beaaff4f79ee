namespace Varve.App.Output;

/// <summary>
/// Standard error: messages, and on a terminal one line below them that is rewritten in place. Thread-safe; a message never
/// tears the line.
/// </summary>
internal sealed class StatusLine(TextWriter error, bool terminal, Func<int> width)
{
    private readonly Lock _lock = new();
    private bool _shown; // guarded by _lock

    /// <summary>Whether <see cref="Show"/> rewrites a line.</summary>
    internal bool IsTerminal => terminal;

    /// <summary>Shows the line, cut to the terminal's width. Only on a terminal.</summary>
    internal void Show(string text)
    {
        lock (_lock)
        {
            int room = Math.Max(10, width() - 1);
            error.Write('\r');
            error.Write(text.Length > room ? text.AsSpan(0, room) : text);
            error.Write("\e[K");
            error.Flush();
            _shown = true;
        }
    }

    /// <summary>Removes the line.</summary>
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

    private void ClearLocked()
    {
        if (_shown)
        {
            error.Write("\r\e[K");
            _shown = false;
        }
    }
}
