namespace Varve.Maintain;

/// <summary>Something in the repository that is not as it was written.</summary>
/// <param name="Object">The object's path in the store, or a chunk.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Affects">What cannot be restored because of it; empty if nothing.</param>
public sealed record Damage(string Object, string Problem, string Affects);
