using System.Diagnostics;
using Varve.Model;
using Varve.Store;

namespace Varve.Tests.Kit.Stores;

/// <summary>
/// A store that is slow, lists late and fails at random, as far as its contract allows all that: a listing shows of each object that was
/// put or removed less than the lateness before it one of the states that it had meanwhile. Leaves the inner store open. Thread-safe.
/// </summary>
internal sealed class UnsteadyStore(IStore inner, int seed) : IStore
{
    private const int OneIn = 250, SlowOneIn = 8, MostSlow = 6;

    private readonly object _lock = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, List<(long At, long? Before)>> _changes = []; // the oldest first; lengths, null if it was not there

    public string Description => inner.Description;

    public bool PutsOnce => inner.PutsOnce;

    public bool EndsWithCaller => inner.EndsWithCaller;

    public TimeSpan Lateness { get; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Nothing fails and nothing is slow; listings are late all the same.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Listings are right at once.</summary>
    public bool IsPunctual { get; set; }

    /// <summary>How many operations failed.</summary>
    public int Failures { get; private set; }

    public bool TryGetLength(string key, out long length)
    {
        long found = 0;
        bool result = Do("length " + key, () => inner.TryGetLength(key, out found));
        length = found;
        return result;
    }

    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        return Do("put " + key, () => Change(key, () => inner.Put(key, copy)));
    }

    public void Replace(string key, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        Do("replace " + key, () => Change(key, () =>
        {
            inner.Replace(key, copy);
            return true;
        }));
    }

    public byte[]? Get(string key, long maxLength) => Do("get " + key, () => inner.Get(key, maxLength));

    public int GetRange(string key, long offset, Span<byte> destination)
    {
        var bytes = new byte[destination.Length];
        int result = Do("range " + key, () => inner.GetRange(key, offset, bytes));
        bytes.CopyTo(destination);
        return result;
    }

    public IEnumerable<StoreObject> List(string prefix) => Do("list " + prefix, () =>
    {
        lock (_lock)
        {
            Dictionary<string, long> found = inner.List(prefix).ToDictionary(static o => o.Key, static o => o.Length, StringComparer.Ordinal);
            long since = Stopwatch.GetTimestamp() - (long)(Lateness.TotalSeconds * Stopwatch.Frequency);
            foreach ((string key, List<(long At, long? Before)> changes) in _changes.ToArray())
            {
                changes.RemoveAll(c => c.At <= since);
                if (changes.Count == 0) { _changes.Remove(key); }
                if (!key.StartsWith(prefix, StringComparison.Ordinal)) { continue; }
                int state = IsPunctual ? changes.Count : _random.Next(changes.Count + 1);
                if (state == changes.Count) { continue; } // as it is
                if (changes[state].Before is { } length) { found[key] = length; }
                else { found.Remove(key); }
            }

            return (List<StoreObject>)[.. found.Select(static f => new StoreObject(f.Key, f.Value))];
        }
    });

    public bool Delete(string key) => Do("delete " + key, () => Change(key, () => inner.Delete(key)));

    // An object that is put over another is in every listing: only what comes and goes is late.
    private bool Change(string key, Func<bool> change)
    {
        lock (_lock)
        {
            long? before = inner.TryGetLength(key, out long length) ? length : null;
            bool result = change();
            if (before is not null == inner.TryGetLength(key, out _)) { return result; }
            if (!_changes.TryGetValue(key, out List<(long, long?)>? changes)) { _changes[key] = changes = []; }
            changes.Add((Stopwatch.GetTimestamp(), before));
            return result;
        }
    }

    private T Do<T>(string what, Func<T> action)
    {
        int chance, delay;
        lock (_lock)
        {
            chance = IsCalm ? -1 : _random.Next(2 * OneIn);
            delay = !IsCalm && _random.Next(SlowOneIn) == 0 ? _random.Next(MostSlow) : 0;
            if (chance is 0 or 1) { Failures++; }
        }

        if (delay > 0) { Thread.Sleep(delay); }
        if (chance == 0) { throw new VarveException(ErrorKind.Storage, Subject.None, "the store failed before: " + what); }
        T result = action();
        return chance != 1 ? result : throw new VarveException(ErrorKind.Storage, Subject.None, "the store failed after: " + what);
    }
}
