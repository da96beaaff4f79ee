namespace Varve.Maintain.Prune;

/// <summary>Somebody at work whom a prune waits for. What it says of itself is for people.</summary>
/// <param name="Session">Its session, 32 hexadecimal digits.</param>
/// <param name="Kind">What it is: a writer or a prune; empty if it does not say.</param>
/// <param name="Host">On which host.</param>
/// <param name="ProcessId">Which process there.</param>
/// <param name="Started">When it began, by its own clock.</param>
/// <param name="ExpiresIn">How long it has to give no sign of life, or to go on, until nobody waits for it.</param>
internal sealed record PruneWait(string Session, string Kind, string Host, long ProcessId, string Started, TimeSpan ExpiresIn);
