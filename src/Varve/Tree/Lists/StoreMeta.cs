using Varve.Model;

namespace Varve.Tree.Lists;

/// <summary>
/// Takes a finished meta chunk over (stores it unless it is known) and returns its id. The bytes are valid during the call only. The same
/// bytes always give the same id. What it throws passes through the writer that called it, which must then be begun anew.
/// </summary>
internal delegate ChunkId StoreMeta(ReadOnlySpan<byte> chunk);
