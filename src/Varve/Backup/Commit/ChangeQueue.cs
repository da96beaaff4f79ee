using Varve.Backup.Run;
using Varve.Threads;

namespace Varve.Backup.Commit;

/// <summary>
/// The edge from anyone to the committer, with the sets of changes that go over it and come back to be reused. They may need chunks that
/// still lie in open blocks. Thread-safe.
/// </summary>
/// <param name="running">The number of the running snapshot.</param>
internal sealed class ChangeQueue(long running)
{
    /// <summary>Sets under way. The committer takes many at a time, or what there is after a second.</summary>
    internal const int Most = 64;

    // What is idle, in bytes. How many are in use is bounded by the edge.
    private const long MaxIdle = 8 << 20;

    private readonly BoundedQueue<CatalogChanges> _queue = new(Most, wakeAt: 16);
    private readonly BoundedPool<CatalogChanges> _idle = new(() => new CatalogChanges(running), static c => c.Rows.Footprint, MaxIdle);

    /// <summary>An empty set for a directory.</summary>
    internal CatalogChanges Rent(DirectoryNode node) => _idle.Rent().For(node);

    /// <summary>Sends changes to the committer; an empty set goes straight back.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    internal void Send(CatalogChanges changes)
    {
        if (changes.IsEmpty) { Return(changes); }
        else if (!_queue.Put(changes)) { throw new OperationCanceledException(); }
    }

    /// <summary>Waits until all that was sent is durable: a reader of the catalog sees it then.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    internal void AwaitCheckpoint(CancellationToken cancelled)
    {
        var durable = new ManualResetEventSlim(); // the committer may come to it after this has given up
        if (!_queue.Put(new CatalogChanges(running) { Durable = durable })) { throw new OperationCanceledException(); }
        durable.Wait(cancelled);
    }

    /// <summary>What came within the time; false when nothing did, or nothing will.</summary>
    internal bool Take(TimeSpan time, out CatalogChanges changes, out bool timedOut) => _queue.Take(time, out changes, out timedOut);

    /// <summary>The set has been applied.</summary>
    internal void Return(CatalogChanges changes) => _idle.Return(changes);

    /// <summary>No more will come.</summary>
    internal void Complete() => _queue.Complete();

    /// <summary>A stage failed: everyone lets go.</summary>
    internal void Stop() => _queue.Stop();
}
