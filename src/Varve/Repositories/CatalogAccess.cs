using Varve.Catalog;
using Varve.Model;

namespace Varve.Repositories;

/// <summary>
/// Opens the catalog and brings it up to date with the repository. The catalog is a cache: one that is damaged, foreign or claims snapshots that the repository has not
/// is set aside and rebuilt, never believed.
/// </summary>
internal static class CatalogAccess
{
    /// <summary>
    /// Opens the catalog with every snapshot of the repository in it. With a write-only key snapshots that others made cannot be read; they are left out.
    /// </summary>
    internal static CatalogFile OpenCurrent(Repository repository, CancellationToken cancellationToken, Action<int, int>? progress = null)
    {
        PrivateDirectory.Create(repository.CacheDirectory);
        CatalogFile catalog = OpenOrReplace(repository);
        try
        {
            if (Synchronize(repository, catalog, cancellationToken, progress)) { return catalog; }
            return Rebuild(repository, "it knows snapshots that the repository has not", cancellationToken, progress);
        }
        catch (VarveException e) when (IsDamageOfCatalog(e))
        {
            return Rebuild(repository, e.Message, cancellationToken, progress);
        }
    }

    /// <summary>Sets the catalog aside (or removes it, if nothing is wrong with it: no reason) and builds it from the repository's snapshots.</summary>
    internal static CatalogFile Rebuild(Repository repository, string? reason, CancellationToken cancellationToken, Action<int, int>? progress = null)
    {
        if (reason is null) { Remove(repository.CatalogPath); }
        else { SetAside(repository, reason); }
        CatalogFile catalog = CatalogFile.Open(repository.CatalogPath, repository.Header.Id);
        Synchronize(repository, catalog, cancellationToken, progress);
        return catalog;
    }

    private static CatalogFile OpenOrReplace(Repository repository)
    {
        try { return CatalogFile.Open(repository.CatalogPath, repository.Header.Id); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            SetAside(repository, e.Message);
            return CatalogFile.Open(repository.CatalogPath, repository.Header.Id);
        }
    }

    /// <summary>Damage of the catalog itself, as opposed to damage of the repository that is being imported.</summary>
    internal static bool IsDamageOfCatalog(VarveException e) => e.Kind == ErrorKind.Damaged && e.Message.StartsWith("The catalog", StringComparison.Ordinal);

    private static void Remove(string path)
    {
        foreach (string suffix in (ReadOnlySpan<string>)["-wal", "-shm", ""]) { File.Delete(path + suffix); }
    }

    private static void SetAside(Repository repository, string reason)
    {
        if (!File.Exists(repository.CatalogPath)) { return; }
        string kept = CatalogFile.SetAside(repository.CatalogPath);
        repository.Options.Warn?.Invoke($"the catalog is rebuilt ({reason}); the old one is kept as {kept}");
    }

    /// <summary>Imports what the catalog lacks; false if it claims what the repository has not.</summary>
    private static bool Synchronize(Repository repository, CatalogFile catalog, CancellationToken cancellationToken, Action<int, int>? progress)
    {
        using CatalogReader reader = catalog.OpenReader();
        HashSet<ObjectName> stored = [.. repository.Store.List(ObjectKeys.Snapshots).Where(o => ObjectKeys.TryName(o.Key, out _))
            .Select(o => { ObjectKeys.TryName(o.Key, out ObjectName name); return name; })];
        var known = new HashSet<ObjectName>();
        var committing = new List<SnapshotRow>();
        foreach (SnapshotRow row in reader.Snapshots())
        {
            if (row.State == SnapshotState.Complete)
            {
                if (!stored.Contains(row.Object)) { return false; }
                known.Add(row.Object);
            }
            else if (row.State == SnapshotState.Committing) { committing.Add(row); }
        }

        if (committing.Count > 0)
        {
            using CatalogWriter writer = catalog.OpenWriter();
            foreach (SnapshotRow row in committing)
            {
                // Killed between the snapshot and the catalog: the repository says which.
                if (stored.Contains(row.Object) && TryRead(repository, row.Object) is { } snapshot)
                {
                    writer.CompleteSnapshot(row.Source, row.Number, snapshot, row.Object);
                    known.Add(row.Object);
                }
                else { writer.ReopenSnapshot(row.Source, row.Number); }
            }
        }

        stored.ExceptWith(known);
        stored.ExceptWith(reader.LeftOut());
        if (stored.Count == 0) { return true; }
        if (repository.Level != KeyLevel.Full)
        {
            if (known.Count == 0) { repository.Options.Warn?.Invoke("the catalog cannot be rebuilt with a write-only key: every file is read once"); }
            return true;
        }

        return Import(repository, catalog, reader, stored, cancellationToken, progress);
    }

    private static bool Import(
        Repository repository, CatalogFile catalog, CatalogReader reader, HashSet<ObjectName> missing, CancellationToken cancellationToken, Action<int, int>? progress)
    {
        var infos = new List<SnapshotInfo>();
        foreach (ObjectName name in missing)
        {
            if (TryRead(repository, name) is { } snapshot) { infos.Add(new SnapshotInfo(name, snapshot)); }
        }

        infos.Sort(static (a, b) => a.Snapshot.Start.CompareTo(b.Snapshot.Start));
        using CatalogWriter writer = catalog.OpenWriter();
        var importer = new SnapshotImporter(repository, catalog, writer);
        int done = 0;
        foreach (SnapshotInfo info in infos)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke(done++, infos.Count);

            // Intervals grow at their end only: a snapshot older than one that is known needs the catalog built anew.
            if (reader.TryGetSource(info.Snapshot.SourceId) is { } source && reader.LatestComplete(source.Id) is { } latest && latest.Start > info.Snapshot.Start) { return false; }
            try { importer.Import(info); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound && !IsDamageOfCatalog(e))
            {
                // Remembered, or the next run would take it for a snapshot older than what is known and build the catalog anew, again and again.
                writer.LeaveOut(info.Name);
                repository.Options.Warn?.Invoke($"snapshots/{info.Name} is left out of the catalog until 'varve catalog rebuild': {e.Message}");
            }
        }

        return true;
    }

    private static Snapshot? TryRead(Repository repository, ObjectName name)
    {
        try { return SnapshotStore.Read(repository, name); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            repository.Options.Warn?.Invoke($"snapshots/{name} is left out of the catalog: {e.Message}");
            return null;
        }
    }
}
