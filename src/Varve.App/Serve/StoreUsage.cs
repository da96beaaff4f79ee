using Varve.Store;

namespace Varve.App.Serve;

/// <summary>
/// How many bytes a repository has, for quotas. What it has is listed, so that nothing is recorded that could go wrong, and what others put
/// or remove counts too: at once if this process serves them, within ten minutes if not. While one lists, others go by what is known,
/// unless they would be refused by that. Thread-safe.
/// </summary>
internal sealed class StoreUsage(TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(10), s_again = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Lock _lister = new(); // taken before _lock, and held while there is a listing
    private long _used, _underWay, _storedMeanwhile; // guarded by _lock
    private long? _listed; // when; guarded by _lock
    private bool _mayCountTwice; // guarded by _lock

    /// <summary>Takes room for an object; false if there would be more than so many bytes. <see cref="Settle"/> gives it back.</summary>
    internal bool Take(IStore store, long length, long most)
    {
        // A full one may have become less full meanwhile.
        bool isFull = !HasRoom(length, most);
        if (!IsKnown(isFull ? s_again : s_fresh, exactly: isFull))
        {
            List(store, mustKnow: isFull || !IsKnown(TimeSpan.MaxValue, exactly: false));
        }

        lock (_lock)
        {
            if (!HasRoom(length, most)) { return false; }
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
            if (!isStored) { return; }
            _used += length;
            _storedMeanwhile += length;
        }
    }

    private bool HasRoom(long length, long most)
    {
        lock (_lock) { return length <= most - _used - _underWay; }
    }

    private bool IsKnown(TimeSpan age, bool exactly)
    {
        lock (_lock) { return _listed is { } then && time.GetElapsedTime(then) <= age && !(exactly && _mayCountTwice); }
    }

    private void List(IStore store, bool mustKnow)
    {
        long asked = time.GetTimestamp();
        if (!_lister.TryEnter(mustKnow ? Timeout.InfiniteTimeSpan : TimeSpan.Zero)) { return; }
        try
        {
            lock (_lock)
            {
                if (_listed >= asked) { return; } // by whom this one waited for
                _storedMeanwhile = 0;
            }

            long used = 0;
            foreach (StoreObject found in store.List("", static _ => { })) { used += found.Length; }
            // What was stored meanwhile may count twice: rather too much than too little, until somebody would be refused for it.
            lock (_lock)
            {
                (_used, _listed) = (used + _storedMeanwhile, time.GetTimestamp());
                _mayCountTwice = _storedMeanwhile > 0;
            }
        }
        finally { _lister.Exit(); }
    }
}
