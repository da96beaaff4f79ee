using System.Collections.Concurrent;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Resolved;

namespace Varve.App.Serve;

/// <summary>The stores of a configuration's repositories, one for each address, whoever asks for it. Thread-safe.</summary>
internal sealed class ServedStores : IDisposable
{
    private readonly ConcurrentDictionary<string, ServedStore> _stores = new(StringComparer.Ordinal);

    /// <summary>That of a repository.</summary>
    internal ServedStore Of(RepositoryConfig repository) =>
        _stores.GetOrAdd(repository.Address, static address => ServedStore.At(Locations.Of(address)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ServedStore store in _stores.Values) { store.Dispose(); }
    }
}
