namespace Varve.Store.Lines;

/// <summary>What a line to another machine may take of the network. Immutable, thread-safe.</summary>
/// <param name="Upload">To the other machine; null: as it comes.</param>
/// <param name="Download">From there; null: as it comes.</param>
internal readonly record struct LineLimits(RateLimit? Upload, RateLimit? Download);
