namespace Varve.Model.Snapshots;

/// <summary>A path that was left out of a snapshot on purpose, with all below it if it is a directory.</summary>
/// <param name="Path">Relative to the root of the source, bytes.</param>
/// <param name="Reason">Why.</param>
/// <param name="Rule">The pattern that excludes it, as it was written; null if there is none, or it is not told.</param>
/// <param name="Origin">Where that pattern was given.</param>
internal sealed record LeftOutEntry(byte[] Path, LeftOutReason Reason, string? Rule, RuleOrigin Origin)
{
    /// <summary>The file that the rule stands in; null for none.</summary>
    internal string? File { get; init; }

    /// <summary>The line of that file.</summary>
    internal long Line { get; init; }
}
