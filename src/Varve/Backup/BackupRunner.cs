using Varve.Backup.Sources;
using Varve.Catalog;
using Varve.Format;
using Varve.History;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Backup;

/// <summary>
/// One backup run from the open repository to the committed snapshot: source lock, session, catalog brought up to date, pipeline, snapshot,
/// catalog.
/// </summary>
internal static class BackupRunner
{
    /// <summary>Backs a source up. Paths that fail are data in the result.</summary>
    /// <exception cref="VarveException">Nothing could be saved, or the store or catalog failed; what was checkpointed is kept for the next
    /// run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint was made.</exception>
    public static BackupResult Run(Repository repository, BackupOptions options, BackupMonitor monitor, CancellationToken cancellationToken)
    {
        TimeProvider time = repository.Options.Time;
        long began = time.GetTimestamp();
        repository.RequireWritable();
        using SourceTree tree = SourceTree.Open(
            [(options.RootPath, options.RootAs), .. options.FurtherRoots.Select(static r => (r.Path, (byte[]?)r.As))],
            options.CanonicalRoot);
        IReadOnlyList<(string, string)> own = OwnPlaces.Of(repository);
        foreach (SourceLayer layer in tree.Layers) { OwnDirectories.Refuse(own, layer.Root.RealPath); }
        string host = repository.Options.Host.Name;
        Bytes32 sourceId = repository.SourceId(host, tree.CanonicalPath);
        PrivateDirectory.Ensure(repository.CacheDirectory, Subject.Cache(repository.CacheDirectory), Advice.ChooseCache);
        using SourceLock mutex = SourceLock.Take(repository.CacheDirectory, sourceId, tree.CanonicalPath);
        using var session = new Session(repository.Store, time, host);
        repository.Store.CleanUp();
        if (options.Force)
        {
            // Every byte is at hand: what a pack that is gone held is stored again.
            repository.Indexes.AvoidMissing();
        }

        if (repository.Store.List(ObjectKeys.Condemned).Any()) { repository.Indexes.RequireCondemnedKnown(); }
        CatalogFile catalog = CatalogAccess.Of(repository).OpenCurrent(cancellationToken, held: sourceId);
        var run = new BackupRun(repository, options, monitor.Progress, tree, sourceId, session) { Host = host, Began = began };
        try { return run.Run(catalog, cancellationToken); }
        catch (VarveException e) when (CatalogAccess.IsDamageOfCatalog(e))
        {
            // Noticed only now, when the damaged rows were read. It is a cache: the run begins again with a new one.
            catalog = CatalogAccess.Of(repository).Rebuild(e, cancellationToken, held: sourceId);
            return run.Run(catalog, cancellationToken);
        }
    }
}
