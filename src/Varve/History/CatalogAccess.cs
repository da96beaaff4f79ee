using Varve.Catalog;
using Varve.Format;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Vault;

namespace Varve.History;

/// <summary>
/// Opens the catalog and brings it up to date with the repository. The catalog is a cache: one that is damaged, foreign or claims snapshots
/// that the repository has not is set aside and rebuilt, never believed.
/// </summary>
internal sealed class CatalogAccess(CatalogPlace place, CatalogSync sync, Action<Notice>? warn)
{
    /// <summary>The catalog of a repository on this machine.</summary>
    internal static CatalogAccess Of(Repository repository)
    {
        var place = new CatalogPlace(repository.CacheDirectory, repository.CatalogPath, repository.Header.Id);
        Action<Notice>? warn = repository.Options.Warn;
        return new CatalogAccess(place, new CatalogSync(place, repository.SnapshotStore, repository.MetaChunks, warn), warn);
    }

    /// <summary>
    /// Opens the catalog with every snapshot of the repository in it. With a write-only key snapshots that others made cannot be read; they
    /// are left out. So are, for now, those of sources that another process is backing up. <paramref name="held"/> is the source whose lock
    /// the caller has.
    /// </summary>
    internal CatalogFile OpenCurrent(CancellationToken cancellationToken, Action<int, int>? progress = null, Bytes32? held = null)
    {
        PrivateDirectory.Ensure(place.Folder, Subject.Cache(place.Folder), Advice.ChooseCache);
        CatalogFile catalog = OpenOrReplace(held);
        try
        {
            if (sync.Run(catalog, held, progress, cancellationToken)) { return catalog; }
            return Rebuild(Foreign(), cancellationToken, progress, held);
        }
        catch (VarveException e) when (IsDamageOfCatalog(e)) { return Rebuild(e, cancellationToken, progress, held); }
    }

    /// <summary>
    /// Sets the catalog aside (or removes it, if nothing is wrong with it: no reason) and builds it from the repository's snapshots.
    /// </summary>
    /// <exception cref="VarveException">Busy if another process is backing up with it.</exception>
    internal CatalogFile Rebuild(VarveException? reason, CancellationToken cancellationToken, Action<int, int>? progress = null,
        Bytes32? held = null)
    {
        CatalogFile catalog = Replace(reason, held);
        sync.Run(catalog, held, progress, cancellationToken);
        return catalog;
    }

    private CatalogFile OpenOrReplace(Bytes32? held)
    {
        try { return CatalogFile.Open(place.File, place.Repository); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return Replace(e, held); }
    }

    /// <summary>
    /// A new, empty catalog. Nobody may be writing to the old one: SQLite removes the log of a file that was renamed by its old name.
    /// </summary>
    private CatalogFile Replace(VarveException? reason, Bytes32? held)
    {
        List<SourceLock> locks = SourceLock.TakeAll(place.Folder, held);
        try
        {
            if (reason is null) { Remove(place.File); }
            else { SetAside(reason); }
            return CatalogFile.Open(place.File, place.Repository);
        }
        finally
        {
            foreach (SourceLock taken in locks) { taken.Dispose(); }
        }
    }

    /// <summary>Damage of the catalog itself, as opposed to damage of the repository that is being imported.</summary>
    internal static bool IsDamageOfCatalog(VarveException e) => e.Kind == ErrorKind.Damaged && e.Subject.Kind == SubjectKind.Catalog;

    private VarveException Foreign() => new(
        ErrorKind.Damaged, Subject.Catalog(place.File), "it knows snapshots that the repository has not", Advice.RebuildCatalog);

    private static void Remove(string path)
    {
        foreach (string suffix in (ReadOnlySpan<string>)["-wal", "-shm", ""]) { File.Delete(path + suffix); }
    }

    private void SetAside(VarveException reason)
    {
        if (!File.Exists(place.File)) { return; }
        string kept = CatalogFile.SetAside(place.File);
        warn?.Invoke(Notice.Of(reason, $"it is rebuilt, and the old one is kept as {kept}") with { Advice = Advice.None });
    }
}
