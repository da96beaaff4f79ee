namespace Varve.Model.Packs;

/// <summary>A chunk as a pack's footer lists it. Its offset is the sum of the lengths before it in its block.</summary>
/// <param name="Id">The chunk.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct PackedChunk(ChunkId Id, uint Length);
