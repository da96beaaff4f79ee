using Varve.Catalog;
using Varve.Format;
using Varve.History.Import;
using Varve.History.Sources;
using Varve.Model;
using Varve.Vault;

namespace Varve.History;

/// <summary>
/// Opens the catalog and brings it up to date with the repository. The catalog is a cache: one that is damaged or foreign is set aside and
/// rebuilt, never believed; what it claims and the repository has not is taken out of it.
/// </summary>
internal sealed class CatalogAccess(CatalogPlace place, CatalogSync sync, Action<Notice>? warn)
{
    /// <summary>
    /// The catalog of a repository on this machine. <paramref name="noLimits"/>: snapshots are imported however much they hold.
    /// </summary>
    /// <exception cref="VarveException">Storage: the repository's cache is not for this user alone.</exception>
    internal static CatalogAccess Of(Repository repository, bool noLimits = false)
    {
        var place = new CatalogPlace(repository.Cache, repository.CatalogPath, repository.Header.Id);
        Action<Notice>? warn = repository.Options.Warn;
        return new CatalogAccess(place, new CatalogSync(place, repository.SnapshotStore, repository.MetaChunks, warn, noLimits), warn);
    }

    /// <summary>
    /// The catalog of a repository, with the snapshots of the sources that are meant; of all without the full key, with which alone they
    /// are told apart. <paramref name="meant"/> are the histories; null for all.
    /// </summary>
    /// <exception cref="VarveException">NotFound: there is no such source or host.</exception>
    internal static CatalogFile OpenCurrent(
        Repository repository, SourceFilter filter, CancellationToken cancellationToken, out IReadOnlySet<Bytes32>? meant)
    {
        IReadOnlyList<MeantHistory>? histories = filter.IsAll || repository.Level != KeyLevel.Full ? null
            : [.. SourceChoice.Select(SourceNotes.All(repository), static h => h.Info, filter)
                .Select(static h => new MeantHistory(h.Info.Uid, h.Info.Lineage))];
        meant = histories?.Select(static h => h.Id).ToHashSet();
        return Of(repository).OpenCurrent(histories, cancellationToken);
    }

    /// <summary>
    /// Opens the catalog with every snapshot of the repository in it, or of those histories that are meant: of others it has what it had.
    /// With a write-only key snapshots that others made cannot be read; they are left out. So are, for now, those of sources that another
    /// process is backing up. <paramref name="held"/> is the history whose lock the caller has. With <paramref name="patience"/> forgotten
    /// snapshots are taken out for so long at most: what is left of them has one after it which is there.
    /// </summary>
    internal CatalogFile OpenCurrent(
        IReadOnlyList<MeantHistory>? histories, CancellationToken cancellationToken, Action<int, int>? progress = null,
        Bytes32? held = null, TimeSpan? patience = null)
    {
        CatalogFile catalog = OpenOrReplace(held);
        try
        {
            sync.Run(catalog, histories, held, patience, progress, cancellationToken);
            return catalog;
        }
        catch (VarveException e) when (CatalogFile.IsDamage(e)) { return Rebuild(e, histories, cancellationToken, progress, held); }
    }

    /// <summary>
    /// Sets the catalog aside (or removes it, if nothing is wrong with it: no reason) and builds it from the repository's snapshots, or
    /// from those of the histories that are meant.
    /// </summary>
    /// <exception cref="VarveException">Busy if another process is backing up with it.</exception>
    internal CatalogFile Rebuild(VarveException? reason, IReadOnlyList<MeantHistory>? histories, CancellationToken cancellationToken,
        Action<int, int>? progress = null, Bytes32? held = null)
    {
        CatalogFile catalog = Replace(reason, held);
        sync.Run(catalog, histories, held, null, progress, cancellationToken);
        return catalog;
    }

    /// <summary>Whether the catalog that was opened last has snapshots still that are gone: there was no patience for more.</summary>
    internal bool HasLeft => sync.HasLeft;

    /// <summary>
    /// Takes forgotten snapshots out of the catalog, if there is one, for at most so long: what is left is for the next command. That it
    /// cannot be done now is nothing that anybody need know.
    /// </summary>
    internal void Trim(IReadOnlyList<MeantHistory>? histories, Bytes32? held, TimeSpan patience)
    {
        if (!File.Exists(place.File)) { return; }
        try { sync.Trim(CatalogFile.Open(place.File, place.Repository), histories, held, patience); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.Busy or ErrorKind.Storage)
        {
            // Who needs the catalog next finds out, and mends it.
        }
    }

    private CatalogFile OpenOrReplace(Bytes32? held)
    {
        try { return CatalogFile.Open(place.File, place.Repository, warn); }
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
            return CatalogFile.Open(place.File, place.Repository, warn);
        }
        finally
        {
            foreach (SourceLock taken in locks) { taken.Dispose(); }
        }
    }

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
