using Varve.Model;

namespace Varve.Tree.Lists;

/// <summary>
/// Returns the bytes of a meta chunk. They must stay as they are until the reading that asked for them has ended: other chunks are fetched
/// meanwhile. What it throws passes through the reader.
/// </summary>
internal delegate ReadOnlyMemory<byte> FetchMeta(ChunkId id);
