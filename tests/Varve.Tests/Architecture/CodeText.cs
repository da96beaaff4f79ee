namespace Varve.Tests.Architecture;

/// <summary>
/// C# source with the parts that are not code blanked out, character for character, so that offsets and line numbers stay
/// those of the source. A lexer, not a parser: it knows comments, preprocessor lines, character literals and strings of every
/// kind; code in the holes of interpolated strings stays code, except in raw ones.
/// </summary>
internal sealed class CodeText
{
    private readonly string _source;
    private readonly char[] _code;
    private readonly char[] _literals;
    private int _at;

    private CodeText(string source)
    {
        _source = source;
        _code = source.ToCharArray();
        _literals = source.ToCharArray();
    }

    /// <summary>The source without comments and without the contents of strings and characters.</summary>
    public string Code { get; private set; } = "";

    /// <summary>The source without comments.</summary>
    public string WithLiterals { get; private set; } = "";

    /// <summary>Reads a whole file.</summary>
    public static CodeText Read(string source)
    {
        var text = new CodeText(source);
        text.ReadCode(inHole: false);
        text.Code = new string(text._code);
        text.WithLiterals = new string(text._literals);
        return text;
    }

    private void ReadCode(bool inHole)
    {
        int depth = 0;
        while (_at < _source.Length)
        {
            char c = _source[_at];
            if (inHole && c == '}' && depth == 0) { return; }
            if (c == '{') { depth++; }
            if (c == '}') { depth--; }
            if (c == '/' && Next(1) == '/') { Blank(EndOfLine(), comment: true); }
            else if (c == '/' && Next(1) == '*') { Blank(After("*/", _at + 2), comment: true); }
            else if (c == '#' && FirstOnLine()) { ReadDirective(); }
            else if (c == '\'') { ReadCharacter(); }
            else if (c is '"' or '@' or '$') { ReadMaybeString(); }
            else { _at++; }
        }
    }

    // A pragma's text may hold an apostrophe; its comment is blanked as any other.
    private void ReadDirective()
    {
        int end = EndOfLine();
        int comment = _source.IndexOf("//", _at, end - _at, StringComparison.Ordinal);
        _at = comment < 0 ? end : comment;
        Blank(end, comment: true);
    }

    private void ReadCharacter()
    {
        int end = _at + 1;
        while (end < _source.Length && _source[end] != '\'') { end += _source[end] == '\\' ? 2 : 1; }
        Blank(Math.Min(end + 1, _source.Length), comment: false);
    }

    private void ReadMaybeString()
    {
        int quote = _at;
        bool verbatim = false, interpolated = false;
        while (quote < _source.Length && _source[quote] is '@' or '$')
        {
            verbatim |= _source[quote] == '@';
            interpolated |= _source[quote] == '$';
            quote++;
        }

        if (quote >= _source.Length || _source[quote] != '"')
        {
            _at = quote; // @keyword
            return;
        }

        int quotes = 0;
        while (quote + quotes < _source.Length && _source[quote + quotes] == '"') { quotes++; }
        if (quotes >= 3 && !verbatim)
        {
            Blank(After(new string('"', quotes), quote + quotes), comment: false);
            return;
        }

        Blank(quote + 1, comment: false);
        ReadString(verbatim, interpolated);
    }

    private void ReadString(bool verbatim, bool interpolated)
    {
        while (_at < _source.Length)
        {
            char c = _source[_at];
            if (c == '"' && !(verbatim && Next(1) == '"'))
            {
                Blank(_at + 1, comment: false);
                return;
            }

            if (c == '{' && interpolated && Next(1) != '{')
            {
                Blank(_at + 1, comment: false);
                ReadCode(inHole: true);
                Blank(Math.Min(_at + 1, _source.Length), comment: false);
                continue;
            }

            bool pair = (c == '\\' && !verbatim) || (c == '"' && verbatim) || (c == '{' && interpolated);
            Blank(Math.Min(_at + (pair ? 2 : 1), _source.Length), comment: false);
        }
    }

    private void Blank(int end, bool comment)
    {
        for (; _at < end; _at++)
        {
            if (_source[_at] == '\n') { continue; }
            _code[_at] = ' ';
            if (comment) { _literals[_at] = ' '; }
        }
    }

    private char Next(int ahead) => _at + ahead < _source.Length ? _source[_at + ahead] : '\0';

    private bool FirstOnLine()
    {
        int i = _at - 1;
        while (i >= 0 && _source[i] is ' ' or '\t') { i--; }
        return i < 0 || _source[i] == '\n';
    }

    private int EndOfLine()
    {
        int end = _source.IndexOf('\n', _at);
        return end < 0 ? _source.Length : end;
    }

    private int After(string mark, int from)
    {
        int found = from >= _source.Length ? -1 : _source.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? _source.Length : found + mark.Length;
    }
}
