using Varve.Model;
using Varve.Store;

namespace Varve.Tests.Kit.Stores;

/// <summary>
/// Passes everything on and calls a hook before and after each operation, with what is being done: "put packs/..." and so on. Thread-safe
/// if the hook is. Leaves the inner store open.
/// </summary>
internal sealed class HookStore(IStore inner) : IStore
{
    /// <summary>Called before an operation; may throw.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Called when an operation is done; may throw.</summary>
    public Action<string>? After { get; set; }

    /// <summary>Called before a range is read, with its object, offset and length; may throw.</summary>
    public Action<string, long, int>? Ranged { get; set; }

    public string Description => inner.Description;

    public bool TryGetLength(string key, out long length)
    {
        Before?.Invoke("length " + key);
        bool found = inner.TryGetLength(key, out length);
        After?.Invoke("length " + key);
        return found;
    }

    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        Before?.Invoke("put " + key);
        bool put = inner.Put(key, bytes);
        After?.Invoke("put " + key);
        return put;
    }

    public void Replace(string key, ReadOnlySpan<byte> bytes)
    {
        Before?.Invoke("replace " + key);
        inner.Replace(key, bytes);
        After?.Invoke("replace " + key);
    }

    public byte[]? Get(string key, long maxLength)
    {
        Before?.Invoke("get " + key);
        byte[]? bytes = inner.Get(key, maxLength);
        After?.Invoke("get " + key);
        return bytes;
    }

    public int GetRange(string key, long offset, Span<byte> destination)
    {
        Before?.Invoke("range " + key);
        Ranged?.Invoke(key, offset, destination.Length);
        int read = inner.GetRange(key, offset, destination);
        After?.Invoke("range " + key);
        return read;
    }

    public IEnumerable<StoreObject> List(string prefix)
    {
        Before?.Invoke("list " + prefix);
        List<StoreObject> found = [.. inner.List(prefix)];
        After?.Invoke("list " + prefix);
        return found;
    }

    public bool Delete(string key)
    {
        Before?.Invoke("delete " + key);
        bool deleted = inner.Delete(key);
        After?.Invoke("delete " + key);
        return deleted;
    }

    public int Delete(IReadOnlyCollection<string> keys)
    {
        foreach (string key in keys) { Before?.Invoke("delete " + key); }
        int removed = inner.Delete(keys);
        foreach (string key in keys) { After?.Invoke("delete " + key); }
        return removed;
    }

    public TimeSpan Lateness => inner.Lateness;

    public bool PutsOnce => inner.PutsOnce;

    public bool EndsWithCaller => inner.EndsWithCaller;

    public long? FreeBytes() => inner.FreeBytes();

    public int CleanUp() => inner.CleanUp();
}
