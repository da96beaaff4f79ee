using Varve.Maintain.Sessions;
using Varve.Vault;
using Varve.Vault.Chunks;
using Varve.Vault.Runs;

namespace Varve.Maintain.Prune;

/// <summary>What the steps of a prune need of the repository. The index is its own: nobody else merges tables that it has marks for.</summary>
internal sealed class PruneTools : IDisposable
{
    internal PruneTools(Repository repository, PruneOptions options, PruneMonitor monitor, CancellationToken cancelled)
    {
        (Repository, Options, Monitor, Cancelled) = (repository, options, monitor, cancelled);
        Index = repository.OpenIndex();
        Records = new PruneRecords(repository.Store, repository.Records);
        Settling = new Settling(repository.Store, repository.Options.Time, cancelled);
        Fencer = new Fencer(repository.Store, Records, repository.SnapshotStore, Settling);
        Watch = new SessionWatch(repository.Store, repository.Options.Time, repository.CacheDirectory);
        Meta = new MetaReader(new ChunkSource(new Lazy<IndexSet>(Index), repository.Blocks, repository.Packs, repository.Hasher));
    }

    internal Repository Repository { get; }

    internal PruneOptions Options { get; }

    internal PruneMonitor Monitor { get; }

    internal CancellationToken Cancelled { get; }

    internal IndexSet Index { get; }

    internal PruneRecords Records { get; }

    internal Settling Settling { get; }

    internal Fencer Fencer { get; }

    internal SessionWatch Watch { get; }

    internal MetaReader Meta { get; }

    internal IStore Store => Repository.Store;

    internal TimeProvider Time => Repository.Options.Time;

    /// <inheritdoc/>
    public void Dispose() => Index.Dispose();
}
