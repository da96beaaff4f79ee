using Varve.Model.Packs;

namespace Varve.Backup.Packing;

/// <summary>
/// Which packs are under way and which are durable but in no index run yet. The committer's evidence for invariant 1. Thread-safe.
/// </summary>
internal sealed class UploadLedger
{
    private readonly object _lock = new();
    private List<PackContents> _durable = [];
    private readonly SortedSet<long> _underWay = [];
    private long _sent;
    private bool _stopped;

    /// <summary>A pack is about to be handed to the uploaders; the number it is known by here.</summary>
    internal long Sent()
    {
        lock (_lock)
        {
            _underWay.Add(++_sent);
            return _sent;
        }
    }

    /// <summary>The store has it durably.</summary>
    internal void Durable(long number, PackContents pack)
    {
        lock (_lock)
        {
            _underWay.Remove(number);
            _durable.Add(pack);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>A stage failed: nobody may wait any more.</summary>
    internal void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>
    /// Waits until all packs that were sent before this call are durable, and takes those that became so since the last call.
    /// </summary>
    /// <exception cref="OperationCanceledException">A stage failed.</exception>
    internal IReadOnlyList<PackContents> TakeAllDurable()
    {
        lock (_lock)
        {
            // Not for those that are sent meanwhile: with a slow store and a large file there is always one.
            long last = _sent;
            while (_underWay.Count > 0 && _underWay.Min <= last && !_stopped) { Monitor.Wait(_lock); }
            if (_stopped) { throw new OperationCanceledException(); }
            List<PackContents> taken = _durable;
            _durable = [];
            return taken;
        }
    }
}
