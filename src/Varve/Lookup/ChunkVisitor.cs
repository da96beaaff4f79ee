using Varve.Model;

namespace Varve.Lookup;

/// <summary>Is told of each chunk of a run, ascending by id. What it throws ends the enumeration.</summary>
internal delegate void ChunkVisitor(in ChunkId id, in ChunkLocation location);
