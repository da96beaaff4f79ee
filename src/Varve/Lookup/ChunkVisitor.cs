using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>Is told of each chunk of a run, ascending by id. What it throws ends the enumeration.</summary>
internal delegate void ChunkVisitor(in ChunkId id, in ChunkLocation location);
