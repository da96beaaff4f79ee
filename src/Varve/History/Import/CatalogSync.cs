using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.History.Import;

/// <summary>
/// Brings the catalog up to date with the repository, history by history: takes out what is gone, imports what it lacks, and settles what
/// killed runs left. The snapshots of a history are in the catalog in their order, whatever they came in: what is newer than one that comes
/// late is taken out and imported again after it. Other processes may use the same catalog meanwhile.
/// </summary>
internal sealed class CatalogSync(
    CatalogPlace place, ISnapshotSource snapshots, MetaReader trees, Action<Notice>? warn, bool noLimits = false)
{
    private readonly HashSet<ObjectName> _left = []; // gone, and not taken out yet

    /// <summary>Whether the last run left snapshots in the catalog that are gone.</summary>
    internal bool HasLeft => _left.Count > 0;

    /// <summary>
    /// Does it for all histories of the repository, or for those that are meant: nothing of others is listed or read.
    /// <paramref name="held"/> is the one whose lock the caller has. With <paramref name="patience"/> older snapshots that are gone may
    /// stay in the catalog (<see cref="GoneSnapshots"/>).
    /// </summary>
    /// <exception cref="VarveException">Busy: a history that <paramref name="held"/> goes on with is being backed up.</exception>
    internal void Run(CatalogFile catalog, IReadOnlyList<MeantHistory>? histories, Bytes32? held, TimeSpan? patience,
        Action<int, int>? progress, CancellationToken cancellationToken)
    {
        _left.Clear();
        // Other processes go on meanwhile. The catalog commits last, so what it claimed before the listing must be in the listing; and a
        // writer announces its snapshot in the catalog before it stores it, so what is listed and not in the catalog afterwards is of no
        // process that uses this catalog.
        using CatalogReader reader = catalog.OpenReader(cancellationToken);
        List<SnapshotRow> claimed = [.. reader.Snapshots().Where(static r => r.State == SnapshotState.Complete)];
        HashSet<ObjectName> stored = Names(histories);
        HashSet<Bytes32>? scope = histories?.Select(h => snapshots.Sources.Of(h.Id)).ToHashSet();
        var follower = new LineageFollower(place, snapshots);
        follower.Run(catalog, reader, scope, held, cancellationToken);
        List<SourceRow> sources = [.. reader.Sources().Where(s => scope?.Contains(s.Uid) != false)];
        foreach (SnapshotRow row in sources.SelectMany(s => reader.Snapshots(s.Id)))
        {
            if (row.State == SnapshotState.Committing) { Settle(catalog, reader, row, stored, held, cancellationToken); }
        }

        HashSet<long> undone = new GoneSnapshots(place, snapshots)
            .Run(catalog, reader, claimed, stored, histories, held, patience, name => _left.Add(name),
            cancellationToken);
        var known = new HashSet<ObjectName>();
        foreach (SnapshotRow row in reader.Snapshots())
        {
            if (row.State != SnapshotState.Running) { known.Add(row.Object); }
        }

        if (scope is not null) { TellOthers(catalog, reader, stored, scope, cancellationToken); }
        bool isEmpty = stored.Count > 0 && !stored.Overlaps(known);
        stored.ExceptWith(known);
        stored.ExceptWith(reader.LeftOut());
        List<SnapshotInfo> missing = ReadMissing(stored, scope, cancellationToken);
        if (snapshots.SeesPrivate) { Import(catalog, reader, missing, held, undone, progress, cancellationToken); }
        else if (isEmpty)
        {
            warn?.Invoke(new Notice(Subject.Catalog(place.File), "cannot be rebuilt with a write-only key: every file is read once"));
        }
    }

    /// <summary>
    /// What lies beside the histories that are meant somebody made in their source's name: it is said once, by the first backup of the
    /// source on this machine, whoever looked before; and nothing is taken from it.
    /// </summary>
    private void TellOthers(CatalogFile catalog, CatalogReader reader, HashSet<ObjectName> stored, HashSet<Bytes32> scope,
        CancellationToken cancellationToken)
    {
        HashSet<ObjectName> unknown = [.. stored];
        foreach (SourceRow source in reader.Sources().Where(s => scope.Contains(s.Uid)))
        {
            unknown.ExceptWith(reader.Snapshots(source.Id).Select(static r => r.Object));
        }

        if (unknown.Count == 0) { return; }
        unknown.ExceptWith(reader.Told());
        foreach (ObjectName name in unknown)
        {
            if (TryRead(name) is not { } snapshot || scope.Contains(snapshot.HistoryId)) { continue; }
            TellOther(name, snapshot);
            using CatalogWriter writer = catalog.OpenWriter(cancellationToken);
            writer.Snapshots.NoteTold(name);
        }
    }

    /// <summary>Those of the histories that are meant, or of all.</summary>
    private List<SnapshotInfo> ReadMissing(HashSet<ObjectName> names, HashSet<Bytes32>? scope, CancellationToken cancellationToken)
    {
        var infos = new List<SnapshotInfo>();
        foreach (ObjectName name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!snapshots.SeesPrivate || TryRead(name) is not { } snapshot) { continue; }
            if (scope?.Contains(snapshot.HistoryId) != false) { infos.Add(new SnapshotInfo(name, snapshot)); }
        }

        return infos;
    }

    private void TellOther(ObjectName name, Snapshot snapshot)
    {
        string by = snapshot.Writer is { } writer ? $"was signed by the key '{writer.Label}'"
            : snapshot.Signature == SignatureState.Invalid ? "is signed falsely" : "is signed by nobody";
        warn?.Invoke(new Notice(Subject.Snapshot(name),
            $"lies among the snapshots of this source and {by}: nothing is taken from it", null, Advice.ListSnapshots));
    }

    private HashSet<ObjectName> Names(IReadOnlyList<MeantHistory>? histories)
    {
        if (histories is null) { return snapshots.Names(); }
        var names = new HashSet<ObjectName>();
        foreach (MeantHistory history in histories) { names.UnionWith(snapshots.Names(history.Lineage)); }
        return names;
    }

    /// <summary>
    /// Takes out what is gone, of those histories or of all, for at most so long; imports nothing, and leaves what is newer than all that
    /// is there.
    /// </summary>
    internal void Trim(CatalogFile catalog, IReadOnlyList<MeantHistory>? histories, Bytes32? held, TimeSpan patience)
    {
        using CatalogReader reader = catalog.OpenReader();
        List<SnapshotRow> claimed = [.. reader.Snapshots().Where(static r => r.State == SnapshotState.Complete)];
        HashSet<ObjectName> present = Names(histories);
        var last = new Dictionary<long, long>();
        foreach (SnapshotRow row in claimed)
        {
            if (present.Contains(row.Object)) { last[row.Source] = Math.Max(row.Number, last.GetValueOrDefault(row.Source)); }
        }

        claimed.RemoveAll(r => r.Number > last.GetValueOrDefault(r.Source));
        new GoneSnapshots(place, snapshots).Run(catalog, reader, claimed, present, histories, held, patience, static _ => { },
            CancellationToken.None);
    }

    /// <summary>
    /// Its run was killed between the snapshot and the catalog, and the repository says which; or it is still running, and settles it
    /// itself.
    /// </summary>
    private void Settle(CatalogFile catalog, CatalogReader reader, SnapshotRow row, HashSet<ObjectName> stored, Bytes32? held,
        CancellationToken cancellationToken)
    {
        Bytes32 source = reader.Sources().First(s => s.Id == row.Source).Uid;
        using SourceLock? taken = source == held ? null : SourceLock.TryTake(place.Folder, source);
        if (source != held && taken is null) { return; }
        // its run came to it
        if (!reader.Snapshots(row.Source).Any(r => r.Number == row.Number && r.State == SnapshotState.Committing)) { return; }
        using CatalogWriter writer = catalog.OpenWriter(cancellationToken);
        if (stored.Contains(row.Object) && TryRead(row.Object) is { } snapshot)
        {
            writer.Snapshots.Complete(row.Source, row.Number, snapshot, row.Object);
        }
        else { writer.Snapshots.Reopen(row.Source, row.Number); }
    }

    private void Import(
        CatalogFile catalog, CatalogReader reader, List<SnapshotInfo> infos, Bytes32? held, HashSet<long> undone,
        Action<int, int>? progress, CancellationToken cancellationToken)
    {
        if (infos.Count == 0 && undone.Count == 0) { return; }
        using CatalogWriter writer = catalog.OpenWriter(cancellationToken);
        var importer = new SnapshotImporter(trees, catalog, writer, noLimits);
        (int done, int all) = (0, infos.Count);
        foreach (IGrouping<Bytes32, SnapshotInfo> history in infos.GroupBy(static i => i.Snapshot.HistoryId))
        {
            using SourceLock? taken = history.Key == held ? null : SourceLock.TryTake(place.Folder, history.Key);
            if (history.Key != held && taken is null) { continue; } // being backed up, or imported, by another process
            List<SnapshotInfo> rest = [.. history];
            if (reader.TryGetSource(history.Key) is { } source)
            {
                // Another process may have been faster.
                rest.RemoveAll(i => reader.Snapshots(source.Id).Any(r => r.Object == i.Name));
                if (rest.Count > 0) { MakeWay(writer, reader, source, rest); }
            }

            rest.Sort(static (a, b) => a.Order.CompareTo(b.Order));
            all += rest.Count - history.Count();
            foreach (SnapshotInfo info in rest)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke(done++, all);
                try { importer.Import(info, cancellationToken); }
                catch (VarveException e) when (IsOfSnapshot(e))
                {
                    // Remembered, or the next run would try it again, and again.
                    writer.Snapshots.LeaveOut(info.Name);
                    Warn(info.Name, "is left out of the catalog until that is rebuilt", e);
                }
            }
        }

        foreach (long source in undone) { Refresh(reader, importer, source, held, cancellationToken); }
    }

    /// <summary>
    /// Takes out what is newer than the oldest of those to be imported, and adds it to them. Intervals grow at their end only; so this
    /// costs what the newer ones changed, and nothing of what is older is looked at.
    /// </summary>
    private void MakeWay(CatalogWriter writer, CatalogReader reader, SourceRow source, List<SnapshotInfo> rest)
    {
        SnapshotOrder oldest = rest.Min(static i => i.Order);
        List<SnapshotRow> rows = [.. reader.Snapshots(source.Id).Where(static r => r.State == SnapshotState.Complete)];
        int newer = rows.FindIndex(r => !r.IsSkipped && r.Order.IsAfter(oldest));
        for (int i = rows.Count - 1; newer >= 0 && i >= newer; i--)
        {
            writer.Snapshots.TakeOut(source.Id, rows[i].Number, ImportDistrust.WithoutFlag);
            if (rows[i].IsSkipped || _left.Contains(rows[i].Object) || TryRead(rows[i].Object) is not { } snapshot) { continue; }
            rest.Add(new SnapshotInfo(rows[i].Object, snapshot));
        }
    }

    /// <summary>
    /// What is current again as it was before is recorded with its trees and digests, so that it need not be listed anew.
    /// </summary>
    private void Refresh(CatalogReader reader, SnapshotImporter importer, long id, Bytes32? held, CancellationToken cancellationToken)
    {
        if (reader.Sources().FirstOrDefault(s => s.Id == id) is not { } source) { return; }
        using SourceLock? taken = source.Uid == held ? null : SourceLock.TryTake(place.Folder, source.Uid);
        if (source.Uid != held && taken is null) { return; }
        if (reader.Snapshots(id) is not [.., { State: SnapshotState.Complete } last]) { return; }
        if (TryRead(last.Object) is not { } snapshot) { return; }
        try { importer.Refresh(new SnapshotInfo(last.Object, snapshot), source, last.Number, cancellationToken); }
        catch (VarveException e) when (IsOfSnapshot(e))
        {
            // What could not be read is listed by the next backup.
        }
    }

    /// <summary>
    /// Whether the snapshot is at fault, and not the catalog: it is damaged, or more than is taken without being asked for.
    /// </summary>
    private static bool IsOfSnapshot(VarveException e) =>
        e.Kind is ErrorKind.Damaged or ErrorKind.NotFound or ErrorKind.Usage && !CatalogFile.IsDamage(e);

    private void Warn(ObjectName snapshot, string what, VarveException e) =>
        warn?.Invoke(new Notice(Subject.Snapshot(snapshot), what, e, e.Advice == Advice.LiftLimits ? e.Advice : Advice.RebuildCatalog));

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
