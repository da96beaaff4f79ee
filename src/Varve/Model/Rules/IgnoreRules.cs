using Varve.Model.Snapshots;

namespace Varve.Model.Rules;

/// <summary>
/// The rules of an ignore file of a directory, and those of the directories above it: the nearest that has a rule for an entry decides.
/// Immutable but for what the sets remember, and thread-safe.
/// </summary>
/// <param name="set">The rules.</param>
/// <param name="directory">Their directory, a path relative to the root.</param>
/// <param name="above">Those that come after them.</param>
internal sealed class IgnoreRules(RuleSet set, byte[] directory, IgnoreRules? above)
{
    private static readonly RulePaths s_none = new("/"u8.ToArray(), "/"u8.ToArray());

    private readonly int _cut = directory.Length == 0 ? 0 : directory.Length + 1;

    /// <summary>The rule that decides about an entry at or below the directory; null for none.</summary>
    internal PathRule? Find(ReadOnlySpan<byte> path, bool isDirectory)
    {
        for (IgnoreRules? at = this; at is not null; at = at.Above)
        {
            int found = at.Set.Find(path[at._cut..], isDirectory, s_none);
            if (found >= 0) { return at.Set.Rules[found]; }
        }

        return null;
    }

    /// <summary>What an ignore file says, or null if that is nothing. <paramref name="file"/> is its path for people.</summary>
    internal static IgnoreRules? Read(ReadOnlySpan<byte> text, string file, byte[] directory, IgnoreRules? above)
    {
        IReadOnlyList<ExcludeRule> rules = RuleFile.ReadIgnoreFile(text, file, MostRules);
        return rules.Count == 0 ? above : new IgnoreRules(new RuleSet(rules, null), directory, above);
    }

    /// <summary>So many rules of one file count: a tree must not fill the memory.</summary>
    internal const int MostRules = 100_000;

    private IgnoreRules? Above => above;

    private RuleSet Set => set;
}
