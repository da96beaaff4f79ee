namespace Varve.Maintain.Plan;

/// <summary>How much a plan may leave, and do.</summary>
/// <param name="MaxUnusedPercent">Bytes that nobody needs and that may stay in packs that are needed, of a hundred needed ones.</param>
/// <param name="MaxUnusedBytes">The same in bytes, instead; null for the percentage.</param>
/// <param name="MaxRepack">Bytes that are copied at most; null for no bound.</param>
/// <param name="Room">Bytes that there is room for; null where nobody knows.</param>
internal sealed record PlanLimits(double MaxUnusedPercent, long? MaxUnusedBytes, long? MaxRepack, long? Room);
