using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
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

    internal SnapshotWriter(CatalogTables tables, CatalogTransaction transaction, SubtreeWriter subtrees)
    {
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
    public SnapshotRow Start(long source, FileTime start)
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
                ? new SnapshotRow { Number = NextNumber(), Source = source, State = SnapshotState.Running, Start = start }
                : old with { Resumed = true, Start = old.Start < start ? old.Start : start };
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
            IsPartial = snapshot.IsPartial,
            HasFailures = snapshot.HasFailures,
            Counts = snapshot.Counts,
            Program = snapshot.Program,
        };
    });

    /// <summary>
    /// Undoes what an unfinished snapshot of the source recorded, as if it had never run; false if there is none. Scans the source's rows.
    /// For when what was checkpointed may not be relied on: the session expired and packs may have been pruned.
    /// </summary>
    public bool Abandon(long source)
    {
        bool found = false;
        _transaction.Run(() =>
        {
            SnapshotRow? row = _tables.Snapshots.OfSource(source).Find(s => s.State != SnapshotState.Complete);
            if (row == null) { return; }
            found = true;
            var table = new EntryTable();
            foreach (long directory in TouchedBy(source, row.Number))
            {
                table.Clear();
                _tables.Tallies.Flush();
                _tables.Revisions.Read(directory, row.Number, static (first, last, number) => first == number || last == number, table);
                // Deleted before any is reopened: a name has one current row at a time.
                for (int i = 0; i < table.Count; i++)
                {
                    if (table.First(i) == row.Number) { _tables.Revisions.Delete(directory, 0, table.Name(i), row.Number); }
                }

                for (int i = 0; i < table.Count; i++)
                {
                    if (table.First(i) != row.Number) { _tables.Revisions.Move(directory, table.Name(i), table.First(i), row.Number, 0); }
                }
            }

            foreach ((long parent, byte[] name, DirectoryRow directory) in _tables.Directories.RecordedBy(source, row.Number))
            {
                _tables.Directories.Update(parent, name, directory with { Digest = default, Tree = default });
            }

            _tables.Moves.Forget(source, row.Number);
            _tables.Snapshots.Delete(row);
        });
        return found;
    }

    /// <summary>Remembers that a snapshot's trees could not be read, so that nobody tries again before the catalog is rebuilt.</summary>
    public void LeaveOut(ObjectName name) =>
        _transaction.Run(() => _tables.Connection.Run($"INSERT OR IGNORE INTO meta(key, value) VALUES('left-out:{name}', x'')"));

    private List<long> TouchedBy(long source, long number)
    {
        using Statement query = _tables.Connection.Query(
            "SELECT DISTINCT dir FROM revision WHERE dir>=? AND dir<? AND (last=? OR last=0 AND first=?)");
        var directories = new List<long>();
        query.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift).Bind(3, number)
            .Bind(4, number);
        while (query.Step()) { directories.Add(query.Int(0)); }
        return directories;
    }

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
