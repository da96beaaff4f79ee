using Varve.Archives.Lists;

namespace Varve.Archives.Plan;

/// <summary>What a plan prints of each file that is due.</summary>
/// <param name="List">A format of lists, of actual names; null for lines of a plan's own.</param>
/// <param name="IsFull">Of its own lines: canonical name, time, actual name, size, and the time that was saved; else time, actual name and
/// size.</param>
/// <param name="IsNull">Of its own lines: a NUL ends each field; else a tab is between fields and a newline ends them.</param>
internal readonly record struct PlanFormat(ListFormat? List, bool IsFull, bool IsNull)
{
    private static readonly (string Word, PlanFormat Format)[] s_own =
    [
        ("plan", new(null, true, false)), ("plan0", new(null, true, true)),
        ("due", new(null, false, false)), ("due0", new(null, false, true)),
    ];

    /// <summary>What formats are called.</summary>
    internal static IReadOnlyList<string> Words { get; } = [.. s_own.Select(static o => o.Word), .. ListFormat.Words];

    /// <summary>The format of a word; null for none.</summary>
    internal static PlanFormat? Find(string word)
    {
        foreach ((string known, PlanFormat format) in s_own)
        {
            if (known == word) { return format; }
        }

        return ListFormat.Find(word) is { } list ? new PlanFormat(list, false, list.IsNull) : null;
    }
}
