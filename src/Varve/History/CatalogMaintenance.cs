using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Format;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Vault;

namespace Varve.History;

/// <summary>Rebuilding the catalog from the repository, and telling how it stands.</summary>
internal static class CatalogMaintenance
{
    /// <summary>Builds the catalog anew. <paramref name="progress"/> gets snapshots done and to do.</summary>
    /// <exception cref="VarveException">WrongKey without the full key.</exception>
    public static CatalogRebuildResult Rebuild(Repository repository, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        repository.RequireFull("rebuilding the catalog");
        long began = repository.Options.Time.GetTimestamp();
        PrivateDirectory.Ensure(repository.CacheDirectory, Subject.Cache(repository.CacheDirectory), Advice.ChooseCache);
        CatalogFile catalog = CatalogAccess.Of(repository).Rebuild(null, cancellationToken, progress);
        using CatalogReader reader = catalog.OpenReader();
        CatalogTotals totals = reader.Totals();
        return new CatalogRebuildResult(
            reader.Snapshots().Count(s => s.State == SnapshotState.Complete), totals.Directories, totals.Revisions,
            new FileInfo(repository.CatalogPath).Length,
            repository.Options.Time.GetElapsedTime(began));
    }

    /// <summary>Looks without changing anything.</summary>
    public static CatalogStatus Status(Repository repository)
    {
        string path = repository.CatalogPath;
        HashSet<ObjectName> stored = repository.SnapshotStore.Names();
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return new CatalogStatus(path, "missing", null, 0, 0, stored.Count, 0, 0);
        }
        long bytes = new FileInfo(path).Length;
        try
        {
            CatalogFile catalog = CatalogFile.Open(path, repository.Header.Id);
            using CatalogReader reader = catalog.OpenReader();
            HashSet<ObjectName> known = [.. reader.Snapshots().Where(s => s.State == SnapshotState.Complete).Select(s => s.Object)];
            CatalogTotals totals = reader.Verify();
            return new CatalogStatus(path, known.SetEquals(stored) ? "current" : "stale", null, bytes, known.Count, stored.Count,
                totals.Directories, totals.Revisions);
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            return new CatalogStatus(path, "damaged", e.Reason(Subject.Catalog(path)), bytes, 0, stored.Count, 0, 0);
        }
    }
}
