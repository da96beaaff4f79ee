using Varve.Model;

namespace Varve.Tree;

/// <summary>
/// Is given each leaf of a tree in order, before its first entry. It may stop anywhere in it; the rest is then checked without it.
/// </summary>
internal delegate void LeafVisitor(ChunkId id, ref TreeLeafReader leaf);
