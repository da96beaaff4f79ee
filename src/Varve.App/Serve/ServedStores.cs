using System.Collections.Concurrent;
using Varve.App.Settings.Configuration;

namespace Varve.App.Serve;

/// <summary>
/// The stores of a configuration's repositories, one for each directory, whoever asks for it. They stay open as long as the process: at its
/// end one of them may still be at work for somebody. Thread-safe.
/// </summary>
internal sealed class ServedStores
{
    private readonly ConcurrentDictionary<string, ServedStore> _stores = new(StringComparer.Ordinal);

    /// <summary>That of a repository.</summary>
    internal ServedStore Of(RepositoryConfig repository) =>
        _stores.GetOrAdd(repository.Address, static address => ServedStore.At(new RepositoryLocation(address)));
}
