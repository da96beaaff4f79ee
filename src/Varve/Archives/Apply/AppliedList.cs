namespace Varve.Archives.Apply;

/// <summary>What applying a list of metadata came to.</summary>
/// <param name="Applied">Entries that have what the list says.</param>
/// <param name="Failures">The first of those that have not, or not all of it, by path.</param>
/// <param name="FailureCount">How many these are.</param>
/// <param name="NotSet">What the user may not set, or the file system cannot hold: a line each.</param>
internal sealed record AppliedList(long Applied, IReadOnlyList<Failure> Failures, long FailureCount, IReadOnlyList<string> NotSet);
