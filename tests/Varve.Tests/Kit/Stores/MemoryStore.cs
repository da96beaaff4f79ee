using Varve.Model;
using Varve.Store;
using Varve.Tests.Maintain;

namespace Varve.Tests.Kit.Stores;

/// <summary>A store in memory, for tests. Thread-safe.</summary>
public sealed class MemoryStore : IStore
{
    private readonly Dictionary<string, byte[]> _objects = new(StringComparer.Ordinal); // its own lock

    public string Description => "memory";

    /// <summary>From now on listings throw after their first object, or at once if there is none.</summary>
    public bool ListingIsBroken { get; set; }

    /// <inheritdoc/>
    public bool PutsOnce { get; init; } = true;

    /// <inheritdoc/>
    public bool EndsWithCaller { get; set; } = true;

    public bool TryGetLength(string key, out long length)
    {
        byte[]? bytes = Find(key);
        length = bytes?.Length ?? 0;
        return bytes is not null;
    }

    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.Check(key);
        if (PutsOnce || StoreKey.IsMutable(key))
        {
            lock (_objects) { return _objects.TryAdd(key, bytes.ToArray()); }
        }

        Overwrite(key, bytes);
        return true;
    }

    public void Replace(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.CheckMutable(key);
        Overwrite(key, bytes);
    }

    public byte[]? Get(string key, long maxLength)
    {
        byte[]? bytes = Find(key);
        return bytes?.Length > maxLength ? throw VarveException.Damaged(Subject.Object(key), "it is too long") : bytes?.ToArray();
    }

    public int GetRange(string key, long offset, Span<byte> destination)
    {
        byte[] bytes = Find(key) ?? throw new VarveException(ErrorKind.NotFound, Subject.Object(key), "does not exist");
        if (destination.Length > 0 && (offset > bytes.Length || destination.Length > bytes.Length - offset))
        {
            throw VarveException.Damaged(Subject.Object(key), "it is truncated");
        }
        if (destination.Length > 0) { bytes.AsSpan((int)offset, destination.Length).CopyTo(destination); }
        return destination.Length;
    }

    public IEnumerable<StoreObject> List(string prefix)
    {
        StoreKey.CheckPrefix(prefix);
        lock (_objects)
        {
            return Enumerate(
                [.. _objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(o => new StoreObject(o.Key, o.Value.Length))]);
        }
    }

    public bool Delete(string key)
    {
        StoreKey.Check(key);
        lock (_objects) { return _objects.Remove(key); }
    }

    /// <summary>Sets an object's bytes, whatever its key: what no store allows, for tests of damage.</summary>
    public void Overwrite(string key, ReadOnlySpan<byte> bytes)
    {
        lock (_objects) { _objects[key] = bytes.ToArray(); }
    }

    private IEnumerable<StoreObject> Enumerate(StoreObject[] found)
    {
        foreach (StoreObject o in found)
        {
            yield return o;
            if (ListingIsBroken) { break; }
        }

        if (ListingIsBroken) { throw new VarveException(ErrorKind.Storage, Subject.None, "the listing was cut short"); }
    }

    private byte[]? Find(string key)
    {
        StoreKey.Check(key);
        lock (_objects) { return _objects.GetValueOrDefault(key); }
    }
}
