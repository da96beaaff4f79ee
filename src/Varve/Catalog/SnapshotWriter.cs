using Varve.Catalog.Rows;
using Varve.Catalog.Tables;
using Varve.Catalog.Write;
using Varve.Model;

namespace Varve.Catalog;

/// <summary>
/// Writes a catalog's snapshots: each is started, committing, complete. Part of a <see cref="CatalogWriter"/>, with its rules.
/// </summary>
internal sealed class SnapshotWriter
{
    private readonly CatalogTables _tables;
    private readonly CatalogTransaction _transaction;
    private readonly SubtreeWriter _subtrees;
    private readonly SnapshotRemoval _removal;

    internal SnapshotWriter(CatalogTables tables, CatalogTransaction transaction, SubtreeWriter subtrees, SnapshotRemoval removal)
    {
        _removal = removal;
        _tables = tables;
        _transaction = transaction;
        _subtrees = subtrees;
    }

    /// <summary>
    /// Starts a snapshot of a source, or takes up the one that a killed run left: then <see cref="SnapshotRow.Resumed"/> is set and
    /// <see cref="SnapshotRow.Start"/> stays the earlier of the two, because what the killed run recorded is only as young as its own
    /// start.
    /// </summary>
    /// <exception cref="InvalidOperationException">One is committing: look in the repository, then complete it or
    /// <see cref="Reopen"/>.</exception>
    public SnapshotRow Start(long source, FileTime start, byte[] place)
    {
        SnapshotRow? result = null;
        _transaction.Run(() =>
        {
            SnapshotRow? old = _tables.Snapshots.OfSource(source).Find(s => s.State != SnapshotState.Complete);
            if (old is { State: SnapshotState.Committing })
            {
                throw new InvalidOperationException("The source has a snapshot that is committing.");
            }
            result = old == null
                ? new SnapshotRow { Number = NextNumber(), Source = source, State = SnapshotState.Running, Start = start, Place = place }
                : old with { Resumed = true, Start = old.Start < start ? old.Start : start, Place = place };
            _tables.Snapshots.Put(result, old);
        });
        return result!;
    }

    /// <summary>
    /// Says that the snapshot's object is about to be written under that name. Commits at once unless a transaction is open.
    /// </summary>
    public void MarkCommitting(long source, long number, ObjectName name, ChunkId rootTree) =>
        ChangeRow(source, number, r => r with { State = SnapshotState.Committing, Object = name, RootTree = rootTree });

    /// <summary>Takes a committing snapshot whose object the repository does not have back to running, so that it can be resumed.</summary>
    public void Reopen(long source, long number) =>
        ChangeRow(source, number, r => r with { State = SnapshotState.Running, Object = default, RootTree = default });

    /// <summary>
    /// Completes a snapshot that the repository durably has. If it was resumed, what the killed run recorded below directories that were
    /// gone or never recorded themselves by the time it was taken up is swept first.
    /// </summary>
    public void Complete(long source, long number, Snapshot snapshot, ObjectName name) => ChangeRow(source, number, r =>
    {
        if (r.Resumed) { _subtrees.SweepOrphans(source, number); }
        return r with
        {
            // The start stays that of the first run: what it recorded is no younger.
            State = SnapshotState.Complete,
            Object = name,
            Start = r.Start < snapshot.Start ? r.Start : snapshot.Start,
            End = snapshot.End,
            RootTree = snapshot.RootTree,
            Parent = snapshot.Parent,
            Generation = snapshot.Generation,
            IsPartial = snapshot.IsPartial,
            HasFailures = snapshot.HasFailures,
            Counts = snapshot.Counts,
            Program = snapshot.Program,
            Place = snapshot.Private?.Place ?? r.Place,
            Clocks = snapshot.Private?.Clocks,
            Removable = snapshot.Private?.Removable ?? [],
        };
    });

    /// <summary>Takes back a snapshot that was started, under which nothing was recorded.</summary>
    public void Withdraw(SnapshotRow row) => _transaction.Run(() => _tables.Snapshots.Delete(row));

    /// <summary>
    /// Ends a run that found everything as <paramref name="before"/> has it: it is noted as a look at the source, and stands for that
    /// snapshot's object. Nothing of it is in the repository, so a catalog that is built anew does not know of it. Looks that ended before
    /// <paramref name="since"/> are noted no longer, but for such as recorded something, which the snapshots do not tell.
    /// </summary>
    public void Skip(long source, long number, Snapshot snapshot, SnapshotRow before, FileTime? since = null) => _transaction.Run(() =>
    {
        if (since is { } limit) { ForgetLooks(source, limit); }
        Complete(source, number, snapshot, before.Object);
        SnapshotRow row = _tables.Snapshots.OfSource(source).Find(s => s.Number == number)!;
        _tables.Snapshots.Put(row with { IsSkipped = true, Parent = before.Parent, Generation = before.Generation }, row);
    });

    private void ForgetLooks(long source, FileTime limit)
    {
        const int most = 1000; // of one run: whoever has a million gets rid of them by and by
        foreach (SnapshotRow row in _tables.Snapshots.OfSource(source).Where(r => r.IsSkipped && r.End < limit).Take(most))
        {
            if (_tables.Touched.Of(row.Number).Count == 0) { _tables.Snapshots.Delete(row); }
        }
    }

    /// <summary>
    /// Undoes what an unfinished snapshot of the source recorded, as if it had never run; false if there is none. Costs what it recorded.
    /// For when what was checkpointed may not be relied on: the session expired and packs may have been pruned.
    /// </summary>
    public bool Abandon(long source)
    {
        bool found = false;
        _transaction.Run(() =>
        {
            List<SnapshotRow> all = _tables.Snapshots.OfSource(source);
            if (all.Find(static s => s.State != SnapshotState.Complete) is not { } row) { return; }
            found = true;
            _removal.Run(row, all, SnapshotRemoval.Flagged);
        });
        return found;
    }

    /// <summary>
    /// Takes a complete snapshot out, as if it had never been: costs what only it had. An unfinished one that rests on it is abandoned
    /// first. Directories that are current again as they were before it have lost digests and trees.
    /// </summary>
    public void TakeOut(long source, long number, ReasonToDistrust distrust) => TakeOut(source, [number], distrust, static _ => true);

    /// <summary>
    /// Takes several out, in that order, in one transaction: the first, and further ones for as long as <paramref name="goesOn"/> says so
    /// of the next. Returns how many.
    /// </summary>
    public int TakeOut(long source, IReadOnlyList<long> numbers, ReasonToDistrust distrust, Func<long, bool> goesOn)
    {
        int done = 0;
        _transaction.Run(() =>
        {
            List<SnapshotRow> all = _tables.Snapshots.OfSource(source);
            do { TakeOut(all, numbers[done++], distrust); } while (done < numbers.Count && goesOn(numbers[done]));
        });
        return done;
    }

    private void TakeOut(List<SnapshotRow> all, long number, ReasonToDistrust distrust)
    {
        SnapshotRow row = all.Find(s => s.Number == number && s.State == SnapshotState.Complete)
            ?? throw new InvalidOperationException($"The source has no complete snapshot {number}.");
        if (all[^1].State != SnapshotState.Complete && all[^2] == row)
        {
            _removal.Run(all[^1], all, distrust);
            all.RemoveAt(all.Count - 1);
        }

        _removal.Run(row, all, distrust);
        all.Remove(row);
    }

    /// <summary>Remembers that a snapshot's trees could not be read, so that nobody tries again before the catalog is rebuilt.</summary>
    public void LeaveOut(ObjectName name) =>
        _transaction.Run(() => _tables.Connection.Run($"INSERT OR IGNORE INTO meta(key, value) VALUES('left-out:{name}', x'')"));

    /// <summary>Remembers that people were told of a snapshot that lies among those of a source and is of another history.</summary>
    public void NoteTold(ObjectName name) =>
        _transaction.Run(() => _tables.Connection.Run($"INSERT OR IGNORE INTO meta(key, value) VALUES('told:{name}', x'')"));

    private void ChangeRow(long source, long number, Func<SnapshotRow, SnapshotRow> change) => _transaction.Run(() =>
    {
        SnapshotRow old = _tables.Snapshots.OfSource(source).Find(s => s.Number == number && s.State != SnapshotState.Complete)
            ?? throw new InvalidOperationException($"The source has no unfinished snapshot {number}.");
        _tables.Snapshots.Put(change(old), old);
    });

    private long NextNumber() =>
        1 + Math.Max(_tables.Connection.Scalar("SELECT seq FROM sqlite_sequence WHERE name='snapshot'"),
        _tables.Connection.Scalar("SELECT max(num) FROM snapshot"));
}
