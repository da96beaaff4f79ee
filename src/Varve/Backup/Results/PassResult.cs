using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Backup.Results;

/// <summary>What a pass over the source comes to; all of it is durable.</summary>
/// <param name="RootTree">The tree that holds the root's entry; none after an ordering pass.</param>
/// <param name="FailureList">The list of what failed, or none.</param>
/// <param name="PendingList">The list of what is still to come, or none.</param>
/// <param name="MarkList">The list of what was left out on purpose, or none.</param>
/// <param name="LeftOut">How much that was; null after an ordering pass.</param>
internal readonly record struct PassResult(
    ChunkId RootTree, ChunkId FailureList, ChunkId PendingList, ChunkId MarkList, LeftOutCounts? LeftOut)
{
    /// <summary>Where the rules of that list stand; empty for nowhere.</summary>
    internal byte[] RulePlaces { get; init; } = [];

    /// <summary>Whether anything was seen that may have moved while the pass went on.</summary>
    internal bool MayHaveMoved { get; init; }
}
