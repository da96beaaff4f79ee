using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Varve;

namespace Varve.Consumer;

/// <summary>The smallest store that keeps the contract of <see cref="IStore"/>, for as long as the process lives. Thread-safe.</summary>
[Experimental("VARVE001")]
internal sealed class MemoryStore : IStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Description => "memory";

    /// <inheritdoc/>
    public bool TryGetLength(string key, out long length)
    {
        bool found = _objects.TryGetValue(key, out byte[]? bytes);
        length = bytes?.Length ?? 0;
        return found;
    }

    /// <inheritdoc/>
    public bool Put(string key, ReadOnlySpan<byte> bytes) => _objects.TryAdd(key, bytes.ToArray());

    /// <inheritdoc/>
    public void Replace(string key, ReadOnlySpan<byte> bytes) => _objects[key] = bytes.ToArray();

    /// <inheritdoc/>
    public byte[]? Get(string key, long maxLength)
    {
        if (!_objects.TryGetValue(key, out byte[]? bytes)) { return null; }
        return bytes.Length <= maxLength ? bytes
            : throw VarveException.Damaged(Subject.Object(key), $"it is longer than {maxLength} bytes");
    }

    /// <inheritdoc/>
    public int GetRange(string key, long offset, Span<byte> destination)
    {
        if (!_objects.TryGetValue(key, out byte[]? bytes))
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Object(key), "does not exist");
        }
        if (offset + destination.Length > bytes.Length) { throw VarveException.Damaged(Subject.Object(key), "it is truncated"); }
        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
        return destination.Length;
    }

    /// <inheritdoc/>
    public IEnumerable<StoreObject> List(string prefix) =>
        _objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(static o => new StoreObject(o.Key, o.Value.Length));

    /// <inheritdoc/>
    public bool Delete(string key) => _objects.TryRemove(key, out _);
}
