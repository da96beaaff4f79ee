using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Vault.Snapshots;

namespace Varve.History.Import;

/// <summary>
/// Takes out of a catalog what the repository has no more: somebody forgot it, here or elsewhere. The newest goes first, so that what many
/// had changed one after the other is moved once. Each batch is a transaction of its own: others come to write between two, and who is
/// killed leaves whole snapshots, of which the next takes out the rest. Costs what only those snapshots had.
/// </summary>
internal sealed class GoneSnapshots(CatalogPlace place, ISnapshotSource snapshots)
{
    private const long BatchMilliseconds = 100;

    /// <summary>
    /// Does it. Returns the sources whose last snapshot went. With <paramref name="patience"/> it ends after that time, and leaves
    /// snapshots that have one after them which is there: nothing that is current rests on them. Names of those go to
    /// <paramref name="left"/>.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="reader">A reader of it.</param>
    /// <param name="claimed">What it had before the snapshots were listed.</param>
    /// <param name="stored">The names of those that are there.</param>
    /// <param name="histories">Those that were listed; null for all.</param>
    /// <param name="held">The history whose lock the caller has.</param>
    /// <param name="patience">Null: for as long as it takes.</param>
    /// <param name="left">Hears of what is left.</param>
    /// <param name="cancelled">Ends the waiting for others that write.</param>
    internal HashSet<long> Run(CatalogFile catalog, CatalogReader reader, List<SnapshotRow> claimed, HashSet<ObjectName> stored,
        IReadOnlyList<MeantHistory>? histories, Bytes32? held, TimeSpan? patience, Action<ObjectName> left, CancellationToken cancelled)
    {
        var undone = new HashSet<long>();
        if (claimed.TrueForAll(r => stored.Contains(r.Object))) { return undone; }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        if (patience == TimeSpan.Zero) { end.Cancel(); }
        else if (patience is { } most) { end.CancelAfter(most); }
        foreach (IGrouping<long, SnapshotRow> gone in claimed.Where(r => !stored.Contains(r.Object)).GroupBy(static r => r.Source))
        {
            if (reader.Sources().FirstOrDefault(s => s.Id == gone.Key) is not { } source) { continue; }
            Lineage? lineage = histories is null ? LineageOf(claimed, stored, gone.Key)
                : histories.Where(h => snapshots.Sources.Of(h.Id) == source.Uid).Select(static h => (Lineage?)h.Lineage).FirstOrDefault();
            if (histories is not null && lineage is null) { continue; } // not listed
            using SourceLock? taken = source.Uid == held ? null : SourceLock.TryTake(place.Folder, source.Uid);
            if (source.Uid != held && taken is null) { continue; }
            List<SnapshotRow> now = [.. reader.Snapshots(source.Id).Where(static r => r.State == SnapshotState.Complete)];
            HashSet<long> numbers = [.. gone.Select(static r => r.Number)];
            List<SnapshotRow> rows = [.. now.Where(r => numbers.Contains(r.Number) && (lineage is not { } of || !snapshots.Has(r.Object, of)))];
            if (rows.Count == 0) { continue; }
            if (rows.Count == now.Count)
            {
                using CatalogWriter writer = catalog.OpenWriter(cancelled);
                writer.DropSource(source);
                continue;
            }

            long last = now.FindLast(r => !rows.Contains(r))!.Number;
            int tail = rows.FindIndex(r => r.Number > last);
            if (tail >= 0)
            {
                undone.Add(source.Id);
                TakeOut(catalog, source.Id, rows[tail..], cancelled);
                rows.RemoveRange(tail, rows.Count - tail);
            }

            try { TakeOut(catalog, source.Id, rows, end.Token); }
            catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
            {
                foreach (SnapshotRow row in rows) { left(row.Object); }
            }
        }

        return undone;
    }

    /// <summary>
    /// Takes some out, which are in the order of their numbers, and out of the list as well, the last first. Others that wait to write come
    /// in between.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled: those that are in the list still are in the catalog.</exception>
    private static void TakeOut(CatalogFile catalog, long source, List<SnapshotRow> rows, CancellationToken cancelled)
    {
        if (rows.Count == 0) { return; }
        cancelled.ThrowIfCancellationRequested();
        using CatalogWriter writer = catalog.OpenWriter(cancelled);
        while (rows.Count > 0)
        {
            cancelled.ThrowIfCancellationRequested();
            long end = Environment.TickCount64 + BatchMilliseconds;
            int done = writer.Snapshots.TakeOut(source, [.. rows.AsEnumerable().Reverse().Select(static r => r.Number)],
                ImportDistrust.WithoutFlag, _ => Environment.TickCount64 < end && !cancelled.IsCancellationRequested);
            rows.RemoveRange(rows.Count - done, done);
            if (rows.Count > 0 && writer.IsAwaited()) { writer.GiveWay(); }
        }
    }

    /// <summary>The lineage of a source's snapshots, by one that is there; null if none is.</summary>
    private Lineage? LineageOf(List<SnapshotRow> claimed, HashSet<ObjectName> stored, long source)
    {
        if (claimed.FindLast(r => r.Source == source && stored.Contains(r.Object)) is not { } row) { return null; }
        try { return snapshots.Read(row.Object).Lineage; }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { return null; }
    }
}
