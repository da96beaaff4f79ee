using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Vault.Snapshots;

namespace Varve.History.Import;

/// <summary>Gives the sources of a catalog the ids and names that they have by what is said of them.</summary>
internal sealed class LineageFollower(CatalogPlace place, ISnapshotSource snapshots)
{
    /// <summary>
    /// Does it. What the catalog has apart and is one history is taken out, to be imported anew in its place, if that history is in
    /// <paramref name="scope"/> (null: all are) and the key is a full one; else it stays apart.
    /// </summary>
    /// <exception cref="VarveException">Busy: a history that <paramref name="held"/> goes on with is being backed up.</exception>
    internal void Run(CatalogFile catalog, CatalogReader reader, HashSet<Bytes32>? scope, Bytes32? held,
        CancellationToken cancelled)
    {
        foreach (SourceRow row in reader.Sources()) { TakeOutGivenBack(catalog, reader, row, held, cancelled); }
        if (snapshots.Sources.Notes.Count == 0) { return; }
        foreach (SourceRow row in reader.Sources())
        {
            Bytes32 head = HeadOf(reader, row);
            if (head != row.Uid) { Join(catalog, reader, row, head, scope, held, cancelled); }
            else { TakeOutAdopted(catalog, reader, row, scope, held, cancelled); }

            string name = snapshots.Sources.NameOf(head, row.Name);
            if (name == row.Name || reader.TryGetSource(head) is not { } present) { continue; }
            using CatalogWriter writer = catalog.OpenWriter(cancelled);
            writer.PutSource(head, name, present.Host, present.Root, present.Canonical);
        }
    }

    /// <summary>The history that a source belongs to, be it because all of its snapshots were adopted by name.</summary>
    private Bytes32 HeadOf(CatalogReader reader, SourceRow row)
    {
        LineageMap sources = snapshots.Sources;
        Bytes32 head = sources.Of(row.Uid);
        if (head != row.Uid) { return head; }
        Bytes32?[] adopters = [.. Complete(reader, row).Select(s => sources.AdopterOf(s.Object)).Distinct()];
        return adopters is [{ } adopter] ? adopter : head;
    }

    private void Join(CatalogFile catalog, CatalogReader reader, SourceRow row, Bytes32 head, HashSet<Bytes32>? scope, Bytes32? held,
        CancellationToken cancelled)
    {
        bool isApart = reader.TryGetSource(head) is not null;
        if (isApart && !MayImport(head, scope)) { return; }
        using SourceLock? other = row.Uid == held ? null : SourceLock.TryTake(place.Folder, row.Uid);
        if (other is null && row.Uid != held)
        {
            if (head == held) { throw SourceLock.Busy(row.Canonical); }
            return;
        }

        using CatalogWriter writer = catalog.OpenWriter(cancelled);
        if (isApart) { writer.DropSource(row); }
        else { writer.ChangeId(row, head); }
    }

    /// <summary>Single snapshots that another history adopted.</summary>
    private void TakeOutAdopted(CatalogFile catalog, CatalogReader reader, SourceRow row, HashSet<Bytes32>? scope, Bytes32? held,
        CancellationToken cancelled)
    {
        List<SnapshotRow> adopted = [.. Complete(reader, row).Where(s =>
            snapshots.Sources.AdopterOf(s.Object) is { } adopter && adopter != row.Uid && MayImport(adopter, scope))];
        if (adopted.Count == 0) { return; }
        using SourceLock? other = row.Uid == held ? null : SourceLock.TryTake(place.Folder, row.Uid);
        if (other is null && row.Uid != held) { return; }
        using CatalogWriter writer = catalog.OpenWriter(cancelled);
        adopted.Reverse();
        foreach (SnapshotRow one in adopted) { writer.Snapshots.TakeOut(row.Id, one.Number, ImportDistrust.WithoutFlag); }
    }

    /// <summary>What a history has no more since an adoption was taken back.</summary>
    private void TakeOutGivenBack(CatalogFile catalog, CatalogReader reader, SourceRow row, Bytes32? held, CancellationToken cancelled)
    {
        IReadOnlySet<ObjectName> given = snapshots.Sources.GivenBackBy(row.Uid);
        if (given.Count == 0) { return; }
        List<SnapshotRow> wrong = [.. Complete(reader, row).Where(s => given.Contains(s.Object) && !IsOf(row.Uid, s.Object))];
        if (wrong.Count == 0) { return; }
        using SourceLock? taken = row.Uid == held ? null : SourceLock.TryTake(place.Folder, row.Uid);
        if (taken is null && row.Uid != held) { return; }
        using CatalogWriter writer = catalog.OpenWriter(cancelled);
        wrong.Reverse();
        foreach (SnapshotRow one in wrong) { writer.Snapshots.TakeOut(row.Id, one.Number, ImportDistrust.WithoutFlag); }
        if (reader.Snapshots(row.Id).Count == 0) { writer.DropSource(row); }
    }

    private bool IsOf(Bytes32 history, ObjectName snapshot)
    {
        try { return snapshots.Read(snapshot).HistoryId == history; }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { return true; } // others see to that
    }

    private bool MayImport(Bytes32 history, HashSet<Bytes32>? scope) => snapshots.SeesPrivate && scope?.Contains(history) != false;

    private static IEnumerable<SnapshotRow> Complete(CatalogReader reader, SourceRow row) =>
        reader.Snapshots(row.Id).Where(static s => s.State == SnapshotState.Complete);
}
