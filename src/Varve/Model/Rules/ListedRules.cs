using Varve.Model.Paths;
using Varve.Model.Snapshots;

namespace Varve.Model.Rules;

/// <summary>
/// The rules that a snapshot lists, asked again: each in the language that it is in. Of those that are no path's, and of those of ignore
/// files, a path alone tells nothing. Immutable, thread-safe.
/// </summary>
internal sealed class ListedRules
{
    private readonly List<(ExcludeRule Rule, Glob? Glob, PathRule? Path)> _rules = [];
    private readonly RulePaths _paths;

    /// <param name="rules">In their order.</param>
    /// <param name="canonical">What paths are relative to, as it is recorded.</param>
    /// <param name="actual">The same as it was read.</param>
    internal ListedRules(IReadOnlyList<ExcludeRule> rules, byte[] canonical, byte[] actual)
    {
        _paths = new RulePaths(canonical, actual);
        foreach (ExcludeRule rule in rules)
        {
            if (rule.Origin is RuleOrigin.IgnoreFile or RuleOrigin.Property) { continue; }
            try
            {
                if (!rule.IsOfSecondLanguage) { _rules.Add((rule, Glob.Parse(rule.Pattern).Below(canonical), null)); }
                else
                {
                    RuleText.Check(rule.Pattern);
                    _rules.Add((rule, null, new PathRule(rule, canonical)));
                }
            }
            catch (VarveException) { IsWhole = false; }
        }
    }

    /// <summary>Whether all of them make sense.</summary>
    internal bool IsWhole { get; } = true;

    /// <summary>The rule that excludes a path; null if none does. A directory above it is not looked at.</summary>
    internal ExcludeRule? Excluding(ReadOnlySpan<byte> path, bool mayBeDirectory)
    {
        for (int i = _rules.Count - 1; i >= 0; i--)
        {
            (ExcludeRule rule, Glob? glob, PathRule? own) = _rules[i];
            bool matches = own?.IsMatch(path, mayBeDirectory, _paths)
                ?? ((mayBeDirectory || !glob!.DirectoriesOnly) && glob!.IsMatch(path));
            if (matches) { return own is { IsIncluding: true } ? null : rule; }
        }

        return null;
    }
}
