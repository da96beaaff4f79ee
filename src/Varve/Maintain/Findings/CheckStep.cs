namespace Varve.Maintain.Findings;

/// <summary>What a check has just done.</summary>
/// <param name="Object">What it looked at: a pack by its key, a snapshot, or what is damaged.</param>
/// <param name="Problem">What is wrong with it; null if nothing was found so far.</param>
internal readonly record struct CheckStep(string Object, string? Problem);
