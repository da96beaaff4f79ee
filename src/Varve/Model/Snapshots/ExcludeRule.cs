namespace Varve.Model.Snapshots;

/// <summary>A rule that a run had for what to leave out.</summary>
/// <param name="Pattern">A glob, as it was written.</param>
/// <param name="Origin">Where it was given.</param>
internal sealed record ExcludeRule(string Pattern, RuleOrigin Origin);
