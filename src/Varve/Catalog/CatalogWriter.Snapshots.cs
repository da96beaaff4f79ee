using Varve.Model;

namespace Varve.Catalog;

internal sealed partial class CatalogWriter
{
    /// <summary>
    /// Starts a snapshot of a source, or takes up the one that a killed run left: then <see cref="SnapshotRow.Resumed"/> is set and
    /// <see cref="SnapshotRow.Start"/> stays the earlier of the two, because what the killed run recorded is only as young as its own start.
    /// </summary>
    /// <exception cref="InvalidOperationException">One is committing: look in the repository, then complete it or <see cref="ReopenSnapshot"/>.</exception>
    public SnapshotRow StartSnapshot(long source, FileTime start)
    {
        SnapshotRow? result = null;
        InTransaction(() =>
        {
            SnapshotRow? old = _snapshots.OfSource(source).Find(s => s.State != SnapshotState.Complete);
            if (old is { State: SnapshotState.Committing }) { throw new InvalidOperationException("The source has a snapshot that is committing."); }
            result = old == null
                ? new SnapshotRow { Number = NextNumber(), Source = source, State = SnapshotState.Running, Start = start }
                : old with { Resumed = true, Start = old.Start < start ? old.Start : start };
            _snapshots.Put(result, old);
        });
        return result!;
    }

    /// <summary>Says that the snapshot's object is about to be written under that name. Commits at once unless a transaction is open.</summary>
    public void MarkCommitting(long source, long number, ObjectName name, ChunkId rootTree) =>
        ChangeRow(source, number, r => r with { State = SnapshotState.Committing, Object = name, RootTree = rootTree });

    /// <summary>Takes a committing snapshot whose object the repository does not have back to running, so that it can be resumed.</summary>
    public void ReopenSnapshot(long source, long number) =>
        ChangeRow(source, number, r => r with { State = SnapshotState.Running, Object = default, RootTree = default });

    /// <summary>
    /// Completes a snapshot that the repository durably has. If it was resumed, what the killed run recorded below directories that were gone or
    /// never recorded themselves by the time it was taken up is swept first.
    /// </summary>
    public void CompleteSnapshot(long source, long number, Snapshot snapshot, ObjectName name) => ChangeRow(source, number, r =>
    {
        if (r.Resumed) { SweepOrphans(source, number); }
        return r with
        {
            // The start stays that of the first run: what it recorded is no younger.
            State = SnapshotState.Complete, Object = name, Start = r.Start < snapshot.Start ? r.Start : snapshot.Start, End = snapshot.End, RootTree = snapshot.RootTree, Parent = snapshot.Parent,
            IsPartial = snapshot.IsPartial, HasFailures = snapshot.HasFailures, Counts = snapshot.Counts, Program = snapshot.Program,
        };
    });

    /// <summary>
    /// Undoes what an unfinished snapshot of the source recorded, as if it had never run; false if there is none. Scans the source's rows. For when what was checkpointed
    /// may not be relied on: the session expired and packs may have been pruned.
    /// </summary>
    public bool AbandonRunning(long source)
    {
        bool found = false;
        InTransaction(() =>
        {
            SnapshotRow? row = _snapshots.OfSource(source).Find(s => s.State != SnapshotState.Complete);
            if (row == null) { return; }
            found = true;
            var table = new EntryTable();
            foreach (long directory in TouchedBy(source, row.Number))
            {
                table.Clear();
                _tallies.Flush();
                _revisions.Read(directory, row.Number, static (first, last, number) => first == number || last == number, table);
                // Deleted before any is reopened: a name has one current row at a time.
                for (int i = 0; i < table.Count; i++)
                {
                    if (table.First(i) == row.Number) { _revisions.Delete(directory, 0, table.Name(i), row.Number); }
                }

                for (int i = 0; i < table.Count; i++)
                {
                    if (table.First(i) != row.Number) { _revisions.Move(directory, table.Name(i), table.First(i), row.Number, 0); }
                }
            }

            foreach ((long parent, byte[] name, DirectoryRow directory) in _directories.RecordedBy(source, row.Number))
            {
                _directories.Update(parent, name, directory with { Digest = default, Tree = default });
            }

            _moves.Forget(source, row.Number);
            _snapshots.Delete(row);
        });
        return found;
    }

    /// <summary>Says that a directory is, from a snapshot on, what another one was before.</summary>
    public void RecordMove(long directory, long number, long origin)
    {
        Demand();
        _moves.Put(directory, number, origin);
    }

    /// <summary>Remembers that a snapshot's trees could not be read, so that nobody tries again before the catalog is rebuilt.</summary>
    public void LeaveOut(ObjectName name) => InTransaction(() => _connection.Run($"INSERT OR IGNORE INTO meta(key, value) VALUES('left-out:{name}', x'')"));

    private List<long> TouchedBy(long source, long number)
    {
        using Statement query = _connection.Query("SELECT DISTINCT dir FROM revision WHERE dir>=? AND dir<? AND (last=? OR last=0 AND first=?)");
        var directories = new List<long>();
        query.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift).Bind(3, number).Bind(4, number);
        while (query.Step()) { directories.Add(query.Int(0)); }
        return directories;
    }

    private void ChangeRow(long source, long number, Func<SnapshotRow, SnapshotRow> change) => InTransaction(() =>
    {
        SnapshotRow old = _snapshots.OfSource(source).Find(s => s.Number == number && s.State != SnapshotState.Complete)
            ?? throw new InvalidOperationException($"The source has no unfinished snapshot {number}.");
        _snapshots.Put(change(old), old);
    });

    private long NextNumber() =>
        1 + Math.Max(_connection.Scalar("SELECT seq FROM sqlite_sequence WHERE name='snapshot'"), _connection.Scalar("SELECT max(num) FROM snapshot"));
}
