namespace Varve.Model.Packs;

/// <summary>Where a chunk lies: a slice of a decoded block.</summary>
/// <param name="Block">The block.</param>
/// <param name="Offset">Bytes from the start of the raw block.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct ChunkLocation(BlockLocation Block, uint Offset, uint Length);
