using Varve.Backup.Run;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Platform;

namespace Varve.Backup.Commit;

/// <summary>
/// When checkpoints are due, and the part of each that comes before the catalog's: what the stages before hold is durable, and an index run
/// says so. Used by the committer.
/// </summary>
/// <param name="policy">When they are due.</param>
/// <param name="index">Where runs are written.</param>
/// <param name="storeAll">Has every open block and pack sent off, waits until the store has them all, and returns the packs that became
/// durable since the last call.</param>
/// <param name="tally">Counts what was stored.</param>
/// <param name="time">The clock.</param>
internal sealed class Checkpoints(
    CheckpointPolicy policy, IIndexOutput index, Func<IReadOnlyList<PackContents>> storeAll, RunTally tally, TimeProvider time)
{
    private long _last = time.GetTimestamp();
    private long _storedAtLast;

    internal bool IsDue() =>
        index.PendingChunks >= policy.PendingChunks
        || Interlocked.Read(ref tally.BytesStored) - _storedAtLast >= policy.StoredBytes
        || time.GetElapsedTime(_last) >= policy.Interval;

    /// <summary>Whatever was appended to a block before this is durable and in an index run after it.</summary>
    internal void Store()
    {
        IReadOnlyList<PackContents> packs = storeAll();
        if (packs.Count > 0) { Interlocked.Add(ref tally.BytesStored, index.WriteRun(packs)); }
        Gate.Pass(Gate.RunStored);
        foreach (PackContents pack in packs) { PackBuilder.Recycle(pack); }
    }

    /// <summary>The catalog is committed too.</summary>
    internal void Done()
    {
        Gate.Pass(Gate.Checkpointed);
        // What is no longer used would otherwise grow to tens of MiB before the collector thinks it worth while; what is used is buffers,
        // which it need not look into.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        _last = time.GetTimestamp();
        _storedAtLast = Interlocked.Read(ref tally.BytesStored);
    }
}
