using Varve.Backup.Run;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Backup.Passes;

/// <summary>What a list of marks says of rules: those of the run in their order, then those that marks of the tree go by.</summary>
internal static class RuleNumbers
{
    /// <summary>
    /// The rules; the marks, which name them by their numbers; and how many rules there were. That is more than are listed if there are
    /// any that a path alone does not tell of, or that programs before these rules would take for less than they are: so that nobody
    /// concludes of a path beyond the marks that it was not left out.
    /// </summary>
    internal static (IReadOnlyList<ExcludeRule> Rules, IReadOnlyList<Mark> Marks, long Count) Of(RunRules run, IReadOnlyList<Mark> marks)
    {
        List<ExcludeRule> rules = [.. run.Excludes.Rules.Select(static r => r.Rule), .. run.Entries.All.Select(static r => r.Rule)];
        bool isMore = run.Entries.All.Count + run.Entries.IgnoreFiles.Length > 0
            || run.Excludes.Rules.Any(static r => !r.IsIncluding && !RuleText.IsReadAsMuch(r.Rule.Pattern));
        if (marks.All(static m => m.Found is null)) { return (rules, marks, rules.Count + (isMore ? 1 : 0)); }
        var numbers = new Dictionary<ExcludeRule, int>();
        for (int i = 0; i < rules.Count; i++) { numbers.TryAdd(rules[i], i + 1); }
        var numbered = new List<Mark>(marks.Count);
        foreach (Mark mark in marks)
        {
            if (mark.Found is not { } rule)
            {
                numbered.Add(mark);
                continue;
            }

            if (!numbers.TryGetValue(rule, out int number))
            {
                rules.Add(rule);
                numbers[rule] = number = rules.Count;
            }

            numbered.Add(new Mark(mark.Path, mark.Reason, number));
        }

        return (rules, numbered, rules.Count + 1);
    }
}
