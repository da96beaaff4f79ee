namespace Varve.Backup;

/// <summary>Sets of changes to reuse; what is idle takes at most <see cref="MaxIdleBytes"/>. How many are in use is bounded by their edge. Thread-safe.</summary>
internal sealed class ChangesPool
{
    private const long MaxIdleBytes = 8 << 20;

    private readonly Stack<CatalogChanges> _idle = new(); // its own lock
    private long _idleBytes; // guarded by it

    /// <summary>An empty set for a directory, the caller's until returned.</summary>
    internal CatalogChanges Rent(DirectoryNode node)
    {
        lock (_idle)
        {
            if (!_idle.TryPop(out CatalogChanges? changes)) { return new CatalogChanges().For(node); }
            _idleBytes -= changes.Rows.Footprint;
            return changes.For(node);
        }
    }

    /// <summary>Takes a set back, which nobody may use any more.</summary>
    internal void Return(CatalogChanges changes)
    {
        long bytes = changes.Rows.Footprint;
        lock (_idle)
        {
            if (_idleBytes + bytes > MaxIdleBytes) { return; }
            _idleBytes += bytes;
            _idle.Push(changes);
        }
    }
}
