using Varve.Model;

namespace Varve.Backup;

/// <summary>What a pass over the source comes to; all of it is durable.</summary>
/// <param name="RootTree">The tree that holds the root's entry; none after an ordering pass.</param>
/// <param name="FailureList">The list of what failed, or none.</param>
/// <param name="PendingList">The list of what is still to come, or none.</param>
internal readonly record struct PassResult(ChunkId RootTree, ChunkId FailureList, ChunkId PendingList);
