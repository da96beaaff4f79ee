using Varve.Store;

namespace Varve.App.Serve;

/// <summary>
/// How many bytes a repository has, for quotas. What it has is listed, so that nothing is recorded that could go wrong, and what others put
/// or remove counts too: at once if this process serves them, within ten minutes if not. Thread-safe.
/// </summary>
internal sealed class StoreUsage(TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(10), s_again = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _used, _underWay; // guarded by _lock
    private long? _listed; // when; guarded by _lock

    /// <summary>Takes room for an object; false if there would be more than so many bytes. <see cref="Settle"/> gives it back.</summary>
    internal bool Take(IStore store, long length, long most)
    {
        lock (_lock)
        {
            bool isFull = length > most - _used - _underWay; // then something may have been removed meanwhile
            if (_listed is not { } then || time.GetElapsedTime(then) > (isFull ? s_again : s_fresh)) { List(store); }
            if (length > most - _used - _underWay) { return false; }
            _underWay += length;
            return true;
        }
    }

    /// <summary>Says what became of an object that room was taken for.</summary>
    internal void Settle(long length, bool isStored)
    {
        lock (_lock)
        {
            _underWay -= length;
            if (isStored) { _used += length; }
        }
    }

    private void List(IStore store)
    {
        long used = 0;
        foreach (StoreObject found in store.List("", static _ => { })) { used += found.Length; }
        (_used, _listed) = (used, time.GetTimestamp());
    }
}
