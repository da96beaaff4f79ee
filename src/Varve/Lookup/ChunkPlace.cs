using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>A place of a chunk.</summary>
/// <param name="Pack">The pack, as that run lists it.</param>
/// <param name="Location">Where the chunk lies.</param>
/// <param name="Use">What holds for it.</param>
internal readonly record struct ChunkPlace(RunPack Pack, ChunkLocation Location, PackUse Use);
