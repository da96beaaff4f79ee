using System.Text.RegularExpressions;
using Varve.Model.Bytes;

namespace Varve.Model.Rules;

/// <summary>
/// Which canonical name an actual one stands for: the first rule that fits says it, and without any the name stays. Immutable, thread-safe.
/// </summary>
internal sealed class PathMapping
{
    private readonly (byte[] From, byte[] To, Regex? Expression, string Replacement)[] _rules;

    /// <param name="rules"><c>FROM=TO</c> for a name or all below it, or <c>re:EXPRESSION=REPLACEMENT</c>, in which <c>$1</c> is a
    /// group.</param>
    /// <exception cref="VarveException">Usage: one makes no sense.</exception>
    internal PathMapping(IEnumerable<string> rules) => _rules = [.. rules.Select(Parse)];

    /// <summary>Whether all names stay.</summary>
    internal bool IsEmpty => _rules.Length == 0;

    /// <summary>Writes the canonical name of an actual one.</summary>
    internal void Apply(ReadOnlySpan<byte> actual, ByteWriter into)
    {
        if (!TryApply(actual, into)) { into.Raw(actual); }
    }

    /// <summary>Writes the canonical name of an actual one if a rule fits; whether one does.</summary>
    internal bool TryApply(ReadOnlySpan<byte> actual, ByteWriter into)
    {
        foreach ((byte[] from, byte[] to, Regex? expression, string replacement) in _rules)
        {
            if (expression is null)
            {
                bool fits = actual.StartsWith(from)
                    && (actual.Length == from.Length || from is [.., (byte)'/'] || from.Length == 0 || actual[from.Length] == (byte)'/');
                if (!fits) { continue; }
                into.Raw(to);
                into.Raw(actual[from.Length..]);
                return true;
            }

            string text = RuleText.FromBytes(actual);
            if (!expression.IsMatch(text)) { continue; }
            into.Raw(RuleText.ToBytes(expression.Replace(text, replacement, 1)));
            return true;
        }

        return false;
    }

    private static (byte[] From, byte[] To, Regex? Expression, string Replacement) Parse(string rule)
    {
        const string Mark = "re:";
        bool isExpression = rule.StartsWith(Mark, StringComparison.Ordinal);
        string text = isExpression ? rule[Mark.Length..] : rule;
        int at = isExpression ? text.LastIndexOf('=') : text.IndexOf('=', StringComparison.Ordinal);
        if (at < 0)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{rule}'"), "has no = between what is mapped and what it stands for");
        }

        (string from, string to) = (text[..at], text[(at + 1)..]);
        if (!isExpression) { return (RuleText.ToBytes(from), RuleText.ToBytes(to), null, ""); }
        try { return ([], [], new Regex(from, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), to); }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new VarveException(
                ErrorKind.Usage, Subject.Request($"'{from}'"), $"is no regular expression that can be used: {e.Message}");
        }
    }
}
