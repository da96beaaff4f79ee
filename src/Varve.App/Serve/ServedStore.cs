using Varve.Format;
using Varve.Model;
using Varve.Store;
using Varve.Vault.Open;

namespace Varve.App.Serve;

/// <summary>The store that is served, opened when it is asked for first. Thread-safe.</summary>
internal sealed class ServedStore(Func<bool, IStore> open) : IDisposable
{
    private readonly Lock _lock = new();
    private IStore? _store; // guarded by _lock

    /// <summary>What it has, for the quotas of all who reach it.</summary>
    internal StoreUsage Usage { get; init; } = new(TimeProvider.System);

    /// <summary>That at a place.</summary>
    internal static ServedStore At(RepositoryLocation location) => new(create => Open(location, create));

    /// <summary>The store.</summary>
    /// <exception cref="VarveException">NoRepository: there is no directory, and it is not to be made.</exception>
    internal IStore Get(bool create = false)
    {
        lock (_lock) { return _store ??= open(create); }
    }

    private static IStore Open(RepositoryLocation location, bool create)
    {
        if (!create) { return RepositoryOpener.OpenStore(location); }
        IStore store = RepositoryOpener.CreateStore(location);
        if (store is LocalStore local && local.HoldsOtherThan(ObjectKeys.Keys.TrimEnd('/')) && !store.List("").Any())
        {
            local.Dispose();
            throw new VarveException(ErrorKind.Usage, Subject.Path(location.Address), "is not empty", Advice.ChooseEmptyDirectory);
        }

        return store;
    }

    /// <inheritdoc/>
    public void Dispose() => (_store as IDisposable)?.Dispose();
}
