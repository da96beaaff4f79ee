using System.Text;
using System.Text.RegularExpressions;
using Varve.Model.Snapshots;

namespace Varve.Model.Rules;

/// <summary>
/// Rules of which the last that matches decides, and which of them ever matched. Names, endings and paths without anything special are
/// looked up, whatever their number; patterns are tried one by one, regular expressions some at a time. Thread-safe: what is remembered
/// only ever turns true. Allocates nothing per path.
/// </summary>
internal sealed class RuleSet
{
    /// <summary>Regular expressions that are tried as one.</summary>
    private const int Together = 16, TogetherLength = 2000;

    private readonly PathRule[] _rules;
    private readonly bool[] _matched;
    private int _unmatched;

    // The rule before with the same key; -1 for none.
    private readonly int[] _next;
    private readonly ByteTable _names = new(), _paths = new(), _endings = new();
    private readonly int[] _lastBytes = new int[256];
    private readonly bool _hasLastBytes;
    private readonly int[] _wild;
    private readonly List<(Regex All, int[] Rules)> _regexes = [];

    /// <summary>The rules in order, for paths relative to <paramref name="canonical"/>; null: those of an ignore file, for paths relative
    /// to its directory.</summary>
    internal RuleSet(IReadOnlyList<ExcludeRule> rules, byte[]? canonical)
    {
        _rules = [.. rules.Select(r => new PathRule(r, canonical))];
        _matched = new bool[_rules.Length];
        _unmatched = _rules.Length;
        _next = new int[_rules.Length];
        Array.Fill(_lastBytes, -1);
        var wild = new List<int>();
        var regexes = new List<int>();
        for (int i = 0; i < _rules.Length; i++)
        {
            _next[i] = -1;
            if (_rules[i].Pattern is not { } pattern)
            {
                regexes.Add(i);
                continue;
            }

            byte[] body = pattern.Body.ToArray();
            switch (pattern.Shape)
            {
                case PatternShape.Literal:
                    _next[i] = (pattern.IsNameOnly ? _names : _paths).Put(body, i);
                    break;
                case PatternShape.Ending when body.AsSpan().LastIndexOf((byte)'.') is >= 0 and var dot:
                    _next[i] = _endings.Put(body[dot..], i);
                    break;
                case PatternShape.Ending:
                    (_next[i], _lastBytes[body[^1]], _hasLastBytes) = (_lastBytes[body[^1]], i, true);
                    break;
                case PatternShape.Wild:
                    wild.Add(i);
                    break;
            }
        }

        wild.Reverse();
        _wild = [.. wild];
        Gather(regexes);
    }

    /// <summary>Whether there are none.</summary>
    internal bool IsEmpty => _rules.Length == 0;

    /// <summary>The rules, in order.</summary>
    internal IReadOnlyList<PathRule> Rules => _rules;

    /// <summary>Those that exclude, are of no list, and matched nothing so far, as written.</summary>
    internal IReadOnlyList<string> Unmatched =>
    [
        .. _rules.Where((r, i) => !r.IsIncluding && !r.Rule.IsOfList && !Volatile.Read(ref _matched[i]))
            .Select(static r => r.Rule.Pattern).Distinct(),
    ];

    /// <summary>Whether the rule that decides about a path leaves it out.</summary>
    internal bool Excludes(ReadOnlySpan<byte> path, bool mayBeDirectory, RulePaths paths) =>
        !IsEmpty && Find(path, mayBeDirectory, paths) is var rule and >= 0 && !_rules[rule].IsIncluding;

    /// <summary>
    /// The rule that decides about a path, or -1: the last that matches. <paramref name="mayBeDirectory"/>: it is a directory, or that is
    /// not known.
    /// </summary>
    internal int Find(ReadOnlySpan<byte> path, bool mayBeDirectory, RulePaths paths)
    {
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        int best = -1;
        if (_names.Count > 0) { best = Last(_names.Find(name), name, mayBeDirectory, best); }
        if (_paths.Count > 0) { best = Last(_paths.Find(path), path, mayBeDirectory, best); }
        if (_endings.Count > 0 && name.LastIndexOf((byte)'.') is >= 0 and var dot)
        {
            best = Last(_endings.Find(name[dot..]), name, mayBeDirectory, best);
        }

        if (_hasLastBytes && name.Length > 0) { best = Last(_lastBytes[name[^1]], name, mayBeDirectory, best); }
        foreach (int i in _wild)
        {
            if (i < best) { break; }
            if (!_rules[i].IsMatch(path, mayBeDirectory, paths)) { continue; }
            best = i;
            break;
        }

        foreach ((Regex all, int[] rules) in _regexes)
        {
            if (rules[0] > best) { best = Math.Max(best, Last(all, rules, path, paths)); }
        }

        if (best >= 0 && _unmatched > 0) { Remember(path, mayBeDirectory, paths); }
        return best;
    }

    private int Last(int i, ReadOnlySpan<byte> text, bool mayBeDirectory, int best)
    {
        for (; i > best; i = _next[i])
        {
            if (IsHere(i, text, mayBeDirectory)) { return i; }
        }

        return best;
    }

    /// <summary>Whether a rule that has the key of a text matches it.</summary>
    private bool IsHere(int i, ReadOnlySpan<byte> text, bool mayBeDirectory)
    {
        IgnorePattern pattern = _rules[i].Pattern!;
        return (mayBeDirectory || !pattern.DirectoriesOnly) && (pattern.Shape == PatternShape.Literal || text.EndsWith(pattern.Body));
    }

    private int Last(Regex all, int[] rules, ReadOnlySpan<byte> path, RulePaths paths)
    {
        RuleKind kind = _rules[rules[0]].Kind;
        if (!all.IsMatch(paths.Text(kind, path))) { return -1; }
        foreach (int i in rules)
        {
            if (rules.Length == 1 || _rules[i].IsMatch(path, true, paths)) { return i; }
        }

        return -1;
    }

    private void Remember(ReadOnlySpan<byte> path, bool mayBeDirectory, RulePaths paths)
    {
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        RememberAll(_names.Find(name), name, mayBeDirectory);
        RememberAll(_paths.Find(path), path, mayBeDirectory);
        if (name.LastIndexOf((byte)'.') is >= 0 and var dot) { RememberAll(_endings.Find(name[dot..]), name, mayBeDirectory); }
        if (name.Length > 0) { RememberAll(_lastBytes[name[^1]], name, mayBeDirectory); }
        foreach (int i in _wild)
        {
            if (!Volatile.Read(ref _matched[i]) && _rules[i].IsMatch(path, mayBeDirectory, paths)) { Note(i); }
        }

        foreach ((_, int[] rules) in _regexes)
        {
            foreach (int i in rules)
            {
                if (!Volatile.Read(ref _matched[i]) && _rules[i].IsMatch(path, mayBeDirectory, paths)) { Note(i); }
            }
        }
    }

    private void RememberAll(int i, ReadOnlySpan<byte> text, bool mayBeDirectory)
    {
        for (; i >= 0; i = _next[i])
        {
            if (!Volatile.Read(ref _matched[i]) && IsHere(i, text, mayBeDirectory)) { Note(i); }
        }
    }

    private void Note(int i)
    {
        if (!Interlocked.Exchange(ref _matched[i], true)) { Interlocked.Decrement(ref _unmatched); }
    }

    /// <summary>Regular expressions over the same path, some at a time, the last first.</summary>
    private void Gather(List<int> regexes)
    {
        foreach (RuleKind kind in (RuleKind[])[RuleKind.ActualPath, RuleKind.CanonicalPath])
        {
            var some = new List<int>();
            int length = 0;
            for (int k = regexes.Count - 1; k >= 0; k--)
            {
                PathRule rule = _rules[regexes[k]];
                if (rule.Kind != kind) { continue; }
                if (some.Count == Together || (some.Count > 0 && length + rule.Translated!.Length > TogetherLength))
                {
                    Put(some);
                    (some, length) = ([], 0);
                }

                some.Add(regexes[k]);
                length += rule.Translated!.Length;
            }

            if (some.Count > 0) { Put(some); }
        }
    }

    private void Put(List<int> some)
    {
        if (some.Count == 1)
        {
            _regexes.Add((_rules[some[0]].Regex, [.. some]));
            return;
        }

        var all = new StringBuilder();
        foreach (int i in some) { all.Append(all.Length > 0 ? "|" : "").Append("(?:").Append(_rules[i].Translated).Append(')'); }
        _regexes.Add((ExtendedRegex.Compile(all.ToString()), [.. some]));
    }
}
