using Varve.Model.Snapshots;

namespace Varve.Tree.Lists;

/// <summary>What a mark list says.</summary>
/// <param name="RuleCount">How many rules the run had.</param>
/// <param name="Rules">The first of them: all, unless they had no room.</param>
/// <param name="Marks">What was left out, ascending by path, none twice: what had no room comes after the last.</param>
internal sealed record LeftOutMarks(long RuleCount, IReadOnlyList<ExcludeRule> Rules, IReadOnlyList<Mark> Marks)
{
    /// <summary>Of a snapshot without a list.</summary>
    internal static readonly LeftOutMarks None = new(0, [], []);

    /// <summary>The marks as they are told.</summary>
    internal IEnumerable<LeftOutEntry> Entries => Marks.Select(mark =>
    {
        ExcludeRule? rule = RuleOf(mark);
        return new LeftOutEntry(mark.Path, mark.Reason, rule?.Pattern, rule?.Origin ?? RuleOrigin.Unknown)
        {
            File = rule?.File, Line = rule?.Line ?? 0,
        };
    });

    /// <summary>The rule that a mark names; null if it names none.</summary>
    internal ExcludeRule? RuleOf(Mark mark) => mark.Rule == 0 ? null : Rules[mark.Rule - 1];
}
