using Varve.Model;

namespace Varve.Backup;

/// <summary>
/// Which packs are under way and which are durable but in no index run yet. The committer's evidence for invariant 1. Thread-safe.
/// </summary>
internal sealed class UploadLedger
{
    private readonly object _lock = new();
    private List<PackContents> _durable = [];
    private int _underWay;
    private bool _stopped;

    /// <summary>A pack was handed to the uploaders.</summary>
    internal void Sent()
    {
        lock (_lock) { _underWay++; }
    }

    /// <summary>The store has it durably.</summary>
    internal void Durable(PackContents pack)
    {
        lock (_lock)
        {
            _underWay--;
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

    /// <summary>Waits until nothing is under way and takes the packs that became durable since the last call.</summary>
    /// <exception cref="OperationCanceledException">A stage failed.</exception>
    internal IReadOnlyList<PackContents> TakeAllDurable()
    {
        lock (_lock)
        {
            // New packs may be sent while we wait; waiting for them too costs little and keeps the run large.
            while (_underWay > 0 && !_stopped) { Monitor.Wait(_lock); }
            if (_stopped) { throw new OperationCanceledException(); }
            List<PackContents> taken = _durable;
            _durable = [];
            return taken;
        }
    }
}
