using Varve.Maintain.Plan;
using Varve.Maintain.Repack;
using Varve.Maintain.Sessions;
using Varve.Model.Packs;
using Varve.Vault;
using Varve.Vault.Chunks;
using Varve.Vault.Runs;

namespace Varve.Maintain.Prune;

/// <summary>
/// What the steps of a prune need of the repository. The index is its own: nobody else merges tables that it has marks for.
/// </summary>
internal sealed class PruneTools : IDisposable
{
    // As backups do it, unless they are told otherwise.
    private const int MetaBlock = 1 << 20, Level = 3;

    // Each tree is read once, and those that lie together mostly come one after the other.
    private const long MetaBytes = 6 << 20;

    internal PruneTools(Repository repository, PruneOptions options, PruneMonitor monitor, CancellationToken cancelled)
    {
        (Repository, Options, Monitor, Cancelled) = (repository, options, monitor, cancelled);
        Index = repository.OpenIndex();
        Records = new PruneRecords(repository.Store, repository.Records);
        Settling = new Settling(repository.Store, repository.Options.Time, cancelled);
        Fencer = new Fencer(repository.Store, Records, repository.SnapshotStore, Settling);
        Watch = new SessionWatch(repository.Store, repository.Options.Time, repository.CacheDirectory);
        Meta = new MetaReader(
            new ChunkSource(new Lazy<IndexSet>(Index), repository.Blocks, repository.Packs, repository.Hasher), MetaBytes);
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

    /// <summary>Where copies of packs of a kind go.</summary>
    internal PackWriter NewTarget(PackKind kind) =>
        new(kind, Repository.Header.PackSize, Store, Repository.Content, Repository.Objects);

    /// <summary>What copies from packs of a kind.</summary>
    internal Repacker NewRepacker(PackKind kind, PlaceChooser places, PackWriter target, Action<PackContents> stored) => new(
        Repository.Footers, Repository.Blocks, Repository.Hasher, places, target,
        kind == PackKind.Data ? Repository.Header.BlockSize : Math.Min(Repository.Header.BlockSize, MetaBlock), Level, stored, Cancelled);

    /// <summary>Tells people of something that does not end it.</summary>
    internal void Warn(Notice notice) => Repository.Options.Warn?.Invoke(notice);

    /// <inheritdoc/>
    public void Dispose() => Index.Dispose();
}
