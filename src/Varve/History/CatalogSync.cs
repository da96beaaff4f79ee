using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>
/// Imports what the catalog lacks of the repository's snapshots, and settles what killed runs left. Other processes may use the same
/// catalog meanwhile.
/// </summary>
internal sealed class CatalogSync(CatalogPlace place, ISnapshotSource snapshots, MetaReader trees, Action<Notice>? warn)
{
    /// <summary>Imports what the catalog lacks; false if it claims what the repository has not.</summary>
    internal bool Run(CatalogFile catalog, Bytes32? held, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        // Other processes go on meanwhile. The catalog commits last, so what it claimed before the listing must be in the listing; and a
        // writer announces its snapshot in the catalog before it stores it, so what is listed and not in the catalog afterwards is of no
        // process that uses this catalog.
        using CatalogReader reader = catalog.OpenReader();
        List<ObjectName> claimed = [.. reader.Snapshots().Where(static r => r.State == SnapshotState.Complete)
            .Select(static r => r.Object)];
        HashSet<ObjectName> stored = snapshots.Names();
        if (!claimed.TrueForAll(stored.Contains)) { return false; }
        var known = new HashSet<ObjectName>();
        foreach (SnapshotRow row in reader.Snapshots())
        {
            if (row.State == SnapshotState.Committing) { Settle(catalog, reader, row, stored, held); }
            if (row.State != SnapshotState.Running) { known.Add(row.Object); }
        }

        stored.ExceptWith(known);
        stored.ExceptWith(reader.LeftOut());
        if (stored.Count == 0) { return true; }
        if (!snapshots.SeesPrivate)
        {
            if (known.Count == 0)
            {
                warn?.Invoke(new Notice(Subject.Catalog(place.File), "cannot be rebuilt with a write-only key: every file is read once"));
            }
            return true;
        }

        return Import(catalog, reader, stored, held, progress, cancellationToken);
    }

    /// <summary>
    /// Its run was killed between the snapshot and the catalog, and the repository says which; or it is still running, and settles it
    /// itself.
    /// </summary>
    private void Settle(CatalogFile catalog, CatalogReader reader, SnapshotRow row, HashSet<ObjectName> stored, Bytes32? held)
    {
        Bytes32 source = reader.Sources().First(s => s.Id == row.Source).Uid;
        using SourceLock? taken = source == held ? null : SourceLock.TryTake(place.Folder, source);
        if (source != held && taken is null) { return; }
        // its run came to it
        if (!reader.Snapshots(row.Source).Any(r => r.Number == row.Number && r.State == SnapshotState.Committing)) { return; }
        using CatalogWriter writer = catalog.OpenWriter();
        if (stored.Contains(row.Object) && TryRead(row.Object) is { } snapshot)
        {
            writer.Snapshots.Complete(row.Source, row.Number, snapshot, row.Object);
        }
        else { writer.Snapshots.Reopen(row.Source, row.Number); }
    }

    private bool Import(
        CatalogFile catalog, CatalogReader reader, HashSet<ObjectName> missing, Bytes32? held, Action<int, int>? progress,
        CancellationToken cancellationToken)
    {
        var infos = new List<SnapshotInfo>();
        foreach (ObjectName name in missing)
        {
            if (TryRead(name) is { } snapshot) { infos.Add(new SnapshotInfo(name, snapshot)); }
        }

        infos.Sort(static (a, b) => a.Snapshot.Start.CompareTo(b.Snapshot.Start));
        using CatalogWriter writer = catalog.OpenWriter();
        var importer = new SnapshotImporter(trees, catalog, writer);
        int done = 0;
        foreach (SnapshotInfo info in infos)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke(done++, infos.Count);
            Bytes32 sourceId = info.Snapshot.SourceId;
            using SourceLock? taken = sourceId == held ? null : SourceLock.TryTake(place.Folder, sourceId);
            if (sourceId != held && taken is null) { continue; } // being backed up, or imported, by another process
            if (reader.TryGetSource(sourceId) is { } source)
            {
                IReadOnlyList<SnapshotRow> rows = reader.Snapshots(source.Id);
                if (rows.Any(r => r.Object == info.Name)) { continue; } // another process was faster

                // Intervals grow at their end only: a snapshot older than one that is known needs the catalog built anew.
                if (rows.LastOrDefault(static r => r.State == SnapshotState.Complete) is { } latest && latest.Start > info.Snapshot.Start)
                {
                    return false;
                }
            }

            try { importer.Import(info); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound && !CatalogAccess.IsDamageOfCatalog(e))
            {
                // Remembered, or the next run would take it for a snapshot older than what is known and build the catalog anew, again and
                // again.
                writer.Snapshots.LeaveOut(info.Name);
                Warn(info.Name, "is left out of the catalog until that is rebuilt", e);
            }
        }

        return true;
    }

    private void Warn(ObjectName snapshot, string what, VarveException e) =>
        warn?.Invoke(new Notice(Subject.Snapshot(snapshot), what, e, Advice.RebuildCatalog));

    private Snapshot? TryRead(ObjectName name)
    {
        try { return snapshots.Read(name); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            Warn(name, "is left out of the catalog", e);
            return null;
        }
    }
}
