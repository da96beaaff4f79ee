namespace Varve.History.Differences;

/// <summary>What comparing a snapshot with a tree came to.</summary>
/// <param name="Differences">What differs, by path.</param>
/// <param name="LeftOut">How many entries are there now that the snapshot left out on purpose; of a directory that it did not enter
/// one.</param>
internal sealed record LiveComparisonResult(IReadOnlyList<Difference> Differences, long LeftOut);
