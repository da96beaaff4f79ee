using System.Text;
using System.Text.RegularExpressions;

namespace Varve.Model.Rules;

/// <summary>
/// Extended regular expressions as <c>grep -E</c> reads them, made into .NET's, which take linear time (NonBacktracking). A dot is one
/// character, or a byte that is none; a bracket has classes, and a backslash in it is one; <c>\&lt;</c> and <c>\&gt;</c> are the bounds of
/// words. Of .NET's own <c>\d</c> is known too.
/// </summary>
internal sealed class ExtendedRegex
{
    private const string AnyCharacter = "(?:[\\ud800-\\udbff][\\udc00-\\udfff]|[^\\ud800-\\udbff])";

    private readonly string _text;
    private readonly StringBuilder _out = new();
    private readonly Stack<int> _groups = new();

    // Where the last atom begins in what is written; -1: there is none that a quantifier could follow.
    private int _atom = -1, _at;
    private bool _isQuantified;

    private ExtendedRegex(string text) => _text = text;

    /// <summary>The expression for .NET.</summary>
    /// <exception cref="VarveException">Usage: it makes no sense.</exception>
    internal static string Translate(string text)
    {
        string done = new ExtendedRegex(text).Run(out (int At, string Why)? fault);
        return fault is not { } wrong ? done
            : throw new VarveException(ErrorKind.Usage, Subject.Request($"the pattern '{text}'"), $"is not valid: {wrong.Why}");
    }

    /// <summary>What is wrong with it, and at which character; null for nothing.</summary>
    internal static (int At, string Why)? FaultOf(string text)
    {
        if (text.Length == 0) { return (0, "empty"); }
        string done = new ExtendedRegex(text).Run(out (int At, string Why)? fault);
        if (fault is not null) { return fault; }
        try
        {
            _ = Compile(done);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return (0, "it is no regular expression that is matched in linear time");
        }
    }

    /// <summary>What matches, by an expression that was translated.</summary>
    internal static Regex Compile(string translated) => new(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private string Run(out (int At, string Why)? fault)
    {
        for (_at = 0; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            fault = c switch
            {
                '\\' => Escaped(),
                '[' => Bracket(),
                '(' => Open(),
                ')' => CloseGroup(),
                '*' or '+' or '?' or '{' => Quantifier(c),
                '|' => Alternative(),
                _ => Atom(c switch
                {
                    '.' => AnyCharacter,
                    '^' => "^",
                    '$' => "\\z",
                    _ when char.IsHighSurrogate(c) && _at + 1 < _text.Length => $"(?:{c}{_text[++_at]})",
                    _ => Literal(c),
                }),
            };
            if (fault is not null) { return ""; }
        }

        fault = _groups.Count > 0 ? (_text.Length, "a ( is not closed") : null;
        return _out.ToString();
    }

    private static string Literal(char c) => Regex.Escape(c.ToString()) switch { "]" => "\\]", "}" => "\\}", var escaped => escaped };

    private (int, string)? Atom(string text)
    {
        (_atom, _isQuantified) = (_out.Length, false);
        _out.Append(text);
        return null;
    }

    private (int, string)? Escaped()
    {
        if (++_at == _text.Length) { return (_at - 1, "it ends in a backslash"); }
        char c = _text[_at];
        if (c is >= '1' and <= '9') { return (_at - 1, "it refers back to a group, which takes more than linear time"); }
        return Atom(c switch
        {
            '<' or '>' or 'b' => "\\b",
            '`' => "\\A",
            '\'' => "\\z",
            'w' or 'W' or 's' or 'S' or 'B' or 'd' or 'D' => "\\" + c,
            _ => Literal(c),
        });
    }

    private (int, string)? Open()
    {
        _groups.Push(_out.Length);
        _out.Append("(?:");
        _atom = -1;
        return null;
    }

    private (int, string)? CloseGroup()
    {
        if (!_groups.TryPop(out int start)) { return (_at, "a ) closes nothing"); }
        _out.Append(')');
        (_atom, _isQuantified) = (start, false);
        return null;
    }

    private (int, string)? Alternative()
    {
        _out.Append('|');
        _atom = -1;
        return null;
    }

    private (int, string)? Quantifier(char c)
    {
        string text = c.ToString();
        if (c == '{')
        {
            int end = _text.IndexOf('}', _at);
            string inside = end < 0 ? "" : _text[(_at + 1)..end];
            string[] bounds = inside.Split(',');
            bool isInterval = inside.Length > 0 && inside != "," && bounds.Length <= 2
                && Array.TrueForAll(bounds, static b => b.All(char.IsAsciiDigit));
            if (!isInterval || _atom < 0) { return Atom("\\{"); }
            if (bounds is [{ Length: > 0 } low, { Length: > 0 } high] && (low.Length > 6 || high.Length > 6 || int.Parse(low,
                System.Globalization.CultureInfo.InvariantCulture) > int.Parse(high, System.Globalization.CultureInfo.InvariantCulture)))
            {
                return (_at, "an interval runs backwards");
            }

            text = bounds[0].Length == 0 ? $"{{0,{bounds[1]}}}" : $"{{{inside}}}";
            _at = end;
        }

        // With nothing before it, it is itself.
        if (_atom < 0) { return Atom(Literal(c)); }
        if (_isQuantified)
        {
            _out.Insert(_atom, "(?:");
            _out.Append(')');
        }

        _out.Append(text);
        _isQuantified = true;
        return null;
    }

    private (int, string)? Bracket()
    {
        int start = _at++;
        var set = new StringBuilder("[");
        if (_at < _text.Length && _text[_at] == '^')
        {
            set.Append('^');
            _at++;
        }

        for (int first = _at; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            if (c == ']' && _at > first) { return Atom(set.Append(']').ToString()); }
            if (c == '[' && _at + 1 < _text.Length && _text[_at + 1] is ':' or '.' or '=')
            {
                char kind = _text[_at + 1];
                int end = _text.IndexOf(kind + "]", _at + 2, StringComparison.Ordinal);
                if (end < 0) { return (start, "a [ is not closed"); }
                string name = _text[(_at + 2)..end];
                string? members = kind == ':' ? OfClass(name) : name.Length == 1 ? Member(name[0]) : null;
                if (members is null) { return (_at, $"there is no class '{name}'"); }
                set.Append(members);
                _at = end + 1;
                continue;
            }

            bool isRange = _at + 2 < _text.Length && _text[_at + 1] == '-' && _text[_at + 2] != ']';
            if (!isRange)
            {
                set.Append(Member(c));
                continue;
            }

            char high = _text[_at + 2];
            if (high < c) { return (_at, "a range runs backwards"); }
            set.Append(Member(c)).Append('-').Append(Member(high));
            _at += 2;
        }

        return (start, "a [ is not closed");
    }

    private static string Member(char c) => c is '\\' or ']' or '[' or '^' or '-' ? "\\" + c : c.ToString();

    private static string? OfClass(string name) => name switch
    {
        "alpha" => "\\p{L}",
        "digit" => "0-9",
        "alnum" => "\\p{L}0-9",
        "upper" => "\\p{Lu}",
        "lower" => "\\p{Ll}",
        "space" => "\\s",
        "blank" => " \\t",
        "punct" => "\\p{P}\\p{S}",
        "cntrl" => "\\p{Cc}",
        "xdigit" => "0-9A-Fa-f",
        "graph" => "!-~\\u00a1-\\ud7ff\\ue000-\\uffff",
        "print" => " -~\\u00a0-\\ud7ff\\ue000-\\uffff",
        _ => null,
    };
}
