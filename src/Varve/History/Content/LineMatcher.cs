using System.Text;
using System.Text.RegularExpressions;

namespace Varve.History.Content;

/// <summary>Tells whether a line has a text, or fits a regular expression. Immutable, thread-safe.</summary>
internal sealed class LineMatcher
{
    private readonly byte[]? _text;
    private readonly Regex? _expression;

    /// <summary>A line that has these bytes.</summary>
    internal LineMatcher(byte[] text) => _text = text;

    /// <summary>A line in which the expression matches somewhere; what is no UTF-8 is U+FFFD.</summary>
    internal LineMatcher(Regex expression) => _expression = expression;

    /// <summary>Whether a line, without its end, matches.</summary>
    internal bool IsMatch(ReadOnlySpan<byte> line)
    {
        if (_text is not null) { return line.IndexOf(_text) >= 0; }
        char[]? large = line.Length > 1024 ? new char[line.Length] : null;
        Span<char> chars = large ?? stackalloc char[line.Length];
        // Never more characters than bytes.
        return _expression!.IsMatch(chars[..Encoding.UTF8.GetChars(line, chars)]);
    }
}
