using Varve.Model;
using Varve.Store;

namespace Varve.Tests.Kit.Stores;

/// <summary>
/// Passes everything on to another store and fails, or crashes, at a chosen operation. Operations are counted from 0 over all methods, a
/// listing counting when it begins. Thread-safe, as far as "the n-th" means something then.
/// </summary>
public sealed class FaultStore(IStore inner) : IStore
{
    private readonly object _gate = new();
    private readonly List<(string Key, byte[] Bytes)> _deleted = [];
    private Func<string, bool> _counts = _ => true;
    private Fault _fault;
    private int _at = -1;

    public string Description => inner.Description;

    public bool PutsOnce => inner.PutsOnce;

    public bool EndsWithCaller => inner.EndsWithCaller;

    /// <summary>Operations begun since the store was last armed, of those that count.</summary>
    public int Operations { get; private set; }

    /// <summary>True between a crash and <see cref="Restart"/>.</summary>
    public bool IsDown { get; private set; }

    /// <summary>
    /// Deletions are not durable when they return: a crash undoes those since the last one. False for a store that makes them durable at
    /// once.
    /// </summary>
    public bool CrashUndoesDeletes { get; set; } = true;

    /// <summary>What operations did, in order: "put key" and so on. For tests of write order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>
    /// Does <paramref name="fault"/> at operation number <paramref name="operation"/> from now, of those whose log line
    /// <paramref name="counts"/> accepts.
    /// </summary>
    public void Arm(Fault fault, int operation, Func<string, bool>? counts = null)
    {
        lock (_gate) { (_fault, _at, _counts, Operations) = (fault, operation, counts ?? (_ => true), 0); }
    }

    /// <summary>The machine is back, with what was durable.</summary>
    public void Restart()
    {
        lock (_gate) { IsDown = false; }
    }

    public bool TryGetLength(string key, out long length)
    {
        long found = 0;
        bool result = Do($"length {key}", () => inner.TryGetLength(key, out found));
        length = found;
        return result;
    }

    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        return Do($"put {key}", () => inner.Put(key, copy), () => inner.Put(key, copy.AsSpan(0, copy.Length / 2)));
    }

    public void Replace(string key, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        Do($"replace {key}", () =>
        {
            inner.Replace(key, copy);
            return true;
        });
    }

    public byte[]? Get(string key, long maxLength) => Do($"get {key}", () => inner.Get(key, maxLength));

    public int GetRange(string key, long offset, Span<byte> destination)
    {
        var bytes = new byte[destination.Length];
        int result = Do($"range {key}", () => inner.GetRange(key, offset, bytes));
        bytes.CopyTo(destination);
        return result;
    }

    public IEnumerable<StoreObject> List(string prefix) => Do($"list {prefix}", () => inner.List(prefix).ToList());

    public bool Delete(string key) => Do($"delete {key}", () =>
    {
        byte[]? bytes = inner.Get(key, long.MaxValue);
        if (bytes is not null) { _deleted.Add((key, bytes)); }
        return inner.Delete(key);
    });

    public int Delete(IReadOnlyCollection<string> keys)
    {
        int removed = keys.Count(Delete);
        lock (_gate) { _deleted.RemoveAll(d => keys.Contains(d.Key)); }
        return removed;
    }

    private T Do<T>(string what, Func<T> action, Func<T>? truncated = null)
    {
        lock (_gate)
        {
            if (IsDown) { throw new VarveException(ErrorKind.Storage, Subject.None, $"the store is down: {what}"); }
            bool now = _counts(what) && Operations++ == _at;
            if (now && _fault == Fault.CrashBefore) { Crash(what); }
            if (now && _fault == Fault.FailBefore)
            {
                throw new VarveException(ErrorKind.Storage, Subject.None, $"the store failed before: {what}");
            }
            T result = now && _fault == Fault.TruncatePut && truncated is not null ? truncated() : action();
            Log.Add(what);
            if (now && _fault == Fault.CrashAfter) { Crash(what); }
            return now && _fault == Fault.FailAfter
                ? throw new VarveException(ErrorKind.Storage, Subject.None, $"the store failed after: {what}") : result;
        }
    }

    private void Crash(string what)
    {
        IsDown = true;
        if (CrashUndoesDeletes)
        {
            foreach ((string key, byte[] bytes) in _deleted) { inner.Put(key, bytes); }
        }

        _deleted.Clear();
        throw new VarveException(ErrorKind.Storage, Subject.None, $"the machine stopped at: {what}");
    }
}
