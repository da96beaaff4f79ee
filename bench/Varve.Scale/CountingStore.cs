using Varve.Model;

namespace Varve.Scale;

/// <summary>Counts what is asked of a store. Thread-safe.</summary>
internal sealed class CountingStore(IStore inner) : IStore, IDisposable
{
    private long _listed, _lists, _reads, _bytes;

    /// <summary>Listings, and the objects in them.</summary>
    internal (long Lists, long Listed) Listings => (_lists, _listed);

    /// <summary>Objects or parts of them that were read, and their bytes.</summary>
    internal (long Reads, long Bytes) Reads => (_reads, _bytes);

    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public bool TryGetLength(string key, out long length) => inner.TryGetLength(key, out length);

    /// <inheritdoc/>
    public bool Put(string key, ReadOnlySpan<byte> bytes) => inner.Put(key, bytes);

    /// <inheritdoc/>
    public void Replace(string key, ReadOnlySpan<byte> bytes) => inner.Replace(key, bytes);

    /// <inheritdoc/>
    public byte[]? Get(string key, long maxLength)
    {
        byte[]? bytes = inner.Get(key, maxLength);
        Count(bytes?.Length ?? 0);
        return bytes;
    }

    /// <inheritdoc/>
    public int GetRange(string key, long offset, Span<byte> destination)
    {
        int length = inner.GetRange(key, offset, destination);
        Count(destination.Length);
        return length;
    }

    /// <inheritdoc/>
    public IEnumerable<StoreObject> List(string prefix)
    {
        Interlocked.Increment(ref _lists);
        foreach (StoreObject item in inner.List(prefix))
        {
            Interlocked.Increment(ref _listed);
            yield return item;
        }
    }

    /// <inheritdoc/>
    public bool Delete(string key) => inner.Delete(key);

    /// <inheritdoc/>
    public int CleanUp() => inner.CleanUp();

    /// <inheritdoc/>
    public void Dispose() => (inner as IDisposable)?.Dispose();

    private void Count(int bytes)
    {
        Interlocked.Increment(ref _reads);
        Interlocked.Add(ref _bytes, bytes);
    }
}
