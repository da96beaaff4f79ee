namespace Varve.Maintain.Prune;

/// <summary>What was taken back of a prune.</summary>
/// <param name="Lists">Lists of condemned packs that were removed.</param>
/// <param name="Packs">Packs that they named and that are there: they stay.</param>
/// <param name="Bytes">Bytes of those.</param>
/// <param name="Gone">Packs that they named and that were deleted before.</param>
/// <param name="Others">Lists that stay, since their prunes may be at work.</param>
internal sealed record PruneUndone(long Lists, long Packs, long Bytes, long Gone, long Others);
