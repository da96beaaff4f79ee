using Varve.Model;
using Varve.Store;

namespace Varve.Tests.Kit.Stores;

/// <summary>A store whose listings are late: what is hidden is there, and is listed by nobody. Leaves the inner store open.</summary>
internal sealed class LateStore(IStore inner) : IStore
{
    /// <summary>Names that listings do not have yet.</summary>
    public HashSet<ObjectName> Hidden { get; } = [];

    public string Description => inner.Description;

    public bool PutsOnce => inner.PutsOnce;

    public bool EndsWithCaller => inner.EndsWithCaller;

    public bool TryGetLength(string key, out long length) => inner.TryGetLength(key, out length);

    public bool Put(string key, ReadOnlySpan<byte> bytes) => inner.Put(key, bytes);

    public void Replace(string key, ReadOnlySpan<byte> bytes) => inner.Replace(key, bytes);

    public byte[]? Get(string key, long maxLength) => inner.Get(key, maxLength);

    public int GetRange(string key, long offset, Span<byte> destination) => inner.GetRange(key, offset, destination);

    public IEnumerable<StoreObject> List(string prefix) =>
        inner.List(prefix).Where(o => !Hidden.Any(n => o.Key.EndsWith(n.ToString(), StringComparison.Ordinal)));

    public bool Delete(string key) => inner.Delete(key);

    public int CleanUp() => inner.CleanUp();
}
