namespace Varve.Model.Snapshots;

/// <summary>A rule that a run had for what to leave out.</summary>
/// <param name="Pattern">As it was written: <c>Model/Rules/RuleText</c>. Of a rule that is no path's, what it goes by.</param>
/// <param name="Origin">Where it was given.</param>
internal sealed record ExcludeRule(string Pattern, RuleOrigin Origin)
{
    /// <summary>The file it stands in; null for none.</summary>
    internal string? File { get; init; }

    /// <summary>The line of that file, from 1.</summary>
    internal long Line { get; init; }

    /// <summary>It is one of a list, of which nobody asks whether it matched anything.</summary>
    internal bool IsOfList { get; init; }

    /// <summary>
    /// Of one that was read in a snapshot: it is not in the first language of patterns (<c>Model/Paths/Glob</c>), or means something else
    /// there.
    /// </summary>
    internal bool IsOfSecondLanguage { get; init; }
}
