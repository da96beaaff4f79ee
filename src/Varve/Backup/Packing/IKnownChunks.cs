using Varve.Model;

namespace Varve.Backup.Packing;

/// <summary>Which chunks need not be stored. Thread-safe.</summary>
internal interface IKnownChunks
{
    /// <summary>Whether the repository has a chunk, or another thread of this run has taken it on.</summary>
    bool Contains(in ChunkId id);

    /// <summary>Takes a chunk on; false if another thread was faster. Who takes one on stores it.</summary>
    bool TryAddPending(in ChunkId id);
}
