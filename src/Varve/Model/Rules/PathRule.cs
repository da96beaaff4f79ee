using System.Text.RegularExpressions;
using Varve.Model.Snapshots;

namespace Varve.Model.Rules;

/// <summary>
/// One rule, made ready for a source. Thread-safe; immutable but for its regular expression, which is compiled when it is first asked. A
/// set of rules (<see cref="RuleSet"/>) comes to what asking them one by one does.
/// </summary>
internal sealed class PathRule
{
    private Regex? _regex;

    /// <summary>
    /// A rule for paths that are relative to <paramref name="canonical"/>, an absolute path: null for a rule of an ignore file, for paths
    /// relative to its directory, whose slash at the beginning means that directory. Any text is a rule.
    /// </summary>
    internal PathRule(ExcludeRule rule, byte[]? canonical)
    {
        Rule = rule;
        RuleText text = RuleText.Of(rule.Pattern);
        (IsIncluding, Kind) = (text.IsIncluding, text.Kind);
        if (canonical is null)
        {
            // What is read in a tree has patterns only.
            Kind = RuleKind.Glob;
            Pattern = IgnorePattern.Parse(RuleText.ToBytes(rule.Pattern[(text.IsIncluding ? 1 : 0)..]));
            return;
        }

        if (Kind == RuleKind.Glob) { Pattern = IgnorePattern.Parse(Tidy(RuleText.ToBytes(text.Body))).Below(canonical); }
        else { Translated = ExtendedRegex.Translate(text.Body); }
    }

    /// <summary>The rule.</summary>
    internal ExcludeRule Rule { get; }

    /// <summary>Whether what it matches is kept.</summary>
    internal bool IsIncluding { get; }

    /// <summary>What it is.</summary>
    internal RuleKind Kind { get; }

    /// <summary>Null for a regular expression.</summary>
    internal IgnorePattern? Pattern { get; }

    /// <summary>The regular expression for .NET.</summary>
    internal string? Translated { get; }

    /// <summary>The same, compiled. Most rules are only ever asked together with others.</summary>
    internal Regex Regex => _regex ??= ExtendedRegex.Compile(Translated!);

    /// <summary>Whether an entry matches.</summary>
    internal bool IsMatch(ReadOnlySpan<byte> path, bool mayBeDirectory, RulePaths paths)
    {
        if (Pattern is null) { return Regex.IsMatch(paths.Text(Kind, path)); }
        return (mayBeDirectory || !Pattern.DirectoriesOnly) && IsPatternMatch(path, paths);
    }

    /// <summary>The same without the kind, of a pattern.</summary>
    internal bool IsPatternMatch(ReadOnlySpan<byte> path, RulePaths paths) =>
        Pattern!.IsMatch(Pattern.IsOfAbsolutePaths ? paths.Absolute(path) : path);

    /// <summary>Slashes that follow each other count as one, where git would find nothing.</summary>
    private static byte[] Tidy(byte[] text)
    {
        if (text.AsSpan().IndexOf("//"u8) < 0 || text.AsSpan().Contains((byte)'[')) { return text; }
        var tidy = new List<byte>(text.Length);
        foreach (byte b in text)
        {
            if (b != (byte)'/' || tidy is not [.., (byte)'/']) { tidy.Add(b); }
        }

        return [.. tidy];
    }
}
