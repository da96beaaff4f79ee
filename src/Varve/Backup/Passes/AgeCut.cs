namespace Varve.Backup.Passes;

/// <summary>The newest files of those that a histogram counted.</summary>
/// <param name="Floor">The least number (<see cref="AgeOrder"/>) that is one of them.</param>
/// <param name="Files">How many there are.</param>
/// <param name="Bytes">What they come to.</param>
internal readonly record struct AgeCut(AgeNumber Floor, long Files, long Bytes);
