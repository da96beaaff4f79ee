using Varve.Catalog;
using Varve.Format;
using Varve.Model;
using Varve.Store;

namespace Varve.Repositories;

/// <summary>
/// Opens the catalog and brings it up to date with the repository. The catalog is a cache: one that is damaged, foreign or claims snapshots that the repository has not
/// is set aside and rebuilt, never believed.
/// </summary>
internal static class CatalogAccess
{
    /// <summary>
    /// Opens the catalog with every snapshot of the repository in it. With a write-only key snapshots that others made cannot be read; they are left out. So are,
    /// for now, those of sources that another process is backing up. <paramref name="held"/> is the source whose lock the caller has.
    /// </summary>
    internal static CatalogFile OpenCurrent(Repository repository, CancellationToken cancellationToken, Action<int, int>? progress = null, Bytes32? held = null)
    {
        PrivateDirectory.Create(repository.CacheDirectory);
        CatalogFile catalog = OpenOrReplace(repository, held);
        try
        {
            if (Synchronize(repository, catalog, held, cancellationToken, progress)) { return catalog; }
            return Rebuild(repository, "it knows snapshots that the repository has not", cancellationToken, progress, held);
        }
        catch (VarveException e) when (IsDamageOfCatalog(e))
        {
            return Rebuild(repository, e.Message, cancellationToken, progress, held);
        }
    }

    /// <summary>Sets the catalog aside (or removes it, if nothing is wrong with it: no reason) and builds it from the repository's snapshots.</summary>
    /// <exception cref="VarveException">Busy if another process is backing up with it.</exception>
    internal static CatalogFile Rebuild(
        Repository repository, string? reason, CancellationToken cancellationToken, Action<int, int>? progress = null, Bytes32? held = null)
    {
        CatalogFile catalog = Replace(repository, reason, held);
        Synchronize(repository, catalog, held, cancellationToken, progress);
        return catalog;
    }

    private static CatalogFile OpenOrReplace(Repository repository, Bytes32? held)
    {
        try { return CatalogFile.Open(repository.CatalogPath, repository.Header.Id); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return Replace(repository, e.Message, held); }
    }

    /// <summary>A new, empty catalog. Nobody may be writing to the old one: SQLite removes the log of a file that was renamed by its old name.</summary>
    private static CatalogFile Replace(Repository repository, string? reason, Bytes32? held)
    {
        List<SourceLock> locks = SourceLock.TakeAll(repository.CacheDirectory, held);
        try
        {
            if (reason is null) { Remove(repository.CatalogPath); }
            else { SetAside(repository, reason); }
            return CatalogFile.Open(repository.CatalogPath, repository.Header.Id);
        }
        finally
        {
            foreach (SourceLock taken in locks) { taken.Dispose(); }
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
    private static bool Synchronize(Repository repository, CatalogFile catalog, Bytes32? held, CancellationToken cancellationToken, Action<int, int>? progress)
    {
        // Other processes go on meanwhile. The catalog commits last, so what it claimed before the listing must be in the listing; and a writer announces its
        // snapshot in the catalog before it stores it, so what is listed and not in the catalog afterwards is of no process that uses this catalog.
        using CatalogReader reader = catalog.OpenReader();
        List<ObjectName> claimed = [.. reader.Snapshots().Where(static r => r.State == SnapshotState.Complete).Select(static r => r.Object)];
        var stored = new HashSet<ObjectName>();
        foreach (StoreObject item in repository.Store.List(ObjectKeys.Snapshots))
        {
            if (ObjectKeys.TryName(item.Key, out ObjectName name)) { stored.Add(name); }
        }

        if (!claimed.TrueForAll(stored.Contains)) { return false; }
        var known = new HashSet<ObjectName>();
        foreach (SnapshotRow row in reader.Snapshots())
        {
            if (row.State == SnapshotState.Committing) { Settle(repository, catalog, reader, row, stored, held); }
            if (row.State != SnapshotState.Running) { known.Add(row.Object); }
        }

        stored.ExceptWith(known);
        stored.ExceptWith(reader.LeftOut());
        if (stored.Count == 0) { return true; }
        if (repository.Level != KeyLevel.Full)
        {
            if (known.Count == 0) { repository.Options.Warn?.Invoke("the catalog cannot be rebuilt with a write-only key: every file is read once"); }
            return true;
        }

        return Import(repository, catalog, reader, stored, held, cancellationToken, progress);
    }

    /// <summary>Its run was killed between the snapshot and the catalog, and the repository says which; or it is still running, and settles it itself.</summary>
    private static void Settle(Repository repository, CatalogFile catalog, CatalogReader reader, SnapshotRow row, HashSet<ObjectName> stored, Bytes32? held)
    {
        Bytes32 source = reader.Sources().First(s => s.Id == row.Source).Uid;
        using SourceLock? taken = source == held ? null : SourceLock.TryTake(repository.CacheDirectory, source);
        if (source != held && taken is null) { return; }
        if (!reader.Snapshots(row.Source).Any(r => r.Number == row.Number && r.State == SnapshotState.Committing)) { return; } // its run came to it
        using CatalogWriter writer = catalog.OpenWriter();
        if (stored.Contains(row.Object) && TryRead(repository, row.Object) is { } snapshot) { writer.CompleteSnapshot(row.Source, row.Number, snapshot, row.Object); }
        else { writer.ReopenSnapshot(row.Source, row.Number); }
    }

    private static bool Import(
        Repository repository, CatalogFile catalog, CatalogReader reader, HashSet<ObjectName> missing, Bytes32? held, CancellationToken cancellationToken,
        Action<int, int>? progress)
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
            Bytes32 sourceId = info.Snapshot.SourceId;
            using SourceLock? taken = sourceId == held ? null : SourceLock.TryTake(repository.CacheDirectory, sourceId);
            if (sourceId != held && taken is null) { continue; } // being backed up, or imported, by another process
            if (reader.TryGetSource(sourceId) is { } source)
            {
                IReadOnlyList<SnapshotRow> rows = reader.Snapshots(source.Id);
                if (rows.Any(r => r.Object == info.Name)) { continue; } // another process was faster

                // Intervals grow at their end only: a snapshot older than one that is known needs the catalog built anew.
                if (rows.LastOrDefault(static r => r.State == SnapshotState.Complete) is { } latest && latest.Start > info.Snapshot.Start) { return false; }
            }

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
