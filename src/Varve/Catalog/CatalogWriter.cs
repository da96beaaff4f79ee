using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Catalog.Write;
using Varve.Model;

namespace Varve.Catalog;

/// <summary>
/// Writes the catalog. Rows are written between <see cref="Begin"/> and <see cref="Commit"/>; the calls that change a snapshot's state make
/// their own transaction if none is open. An open transaction keeps other processes from writing: gather first, then write. Not thread-safe
/// (but <see cref="DirectoryIds"/> is). After an exception roll back; after Damaged set the file aside.
/// </summary>
internal sealed class CatalogWriter : IDisposable
{
    private readonly CatalogTables _tables;
    private readonly DirtyDirectories _dirty;
    private readonly CatalogTransaction _transaction;
    private readonly WriterTurn _turn;

    /// <summary>Takes the connection over. What waiting for others heeds and says is as in <see cref="CatalogFile.OpenWriter"/>.</summary>
    internal CatalogWriter(SqliteConnection connection, Action<Notice>? warn, CancellationToken cancelled)
    {
        _turn = new WriterTurn(connection, warn, cancelled);
        _tables = new CatalogTables(connection);
        _dirty = new DirtyDirectories(_tables.Directories, _tables.Touched);
        _transaction = new CatalogTransaction(_tables, _dirty, _turn);
        Revisions = new RevisionWriter(_tables, _transaction, _dirty);
        Subtrees = new SubtreeWriter(_tables, _transaction, Revisions);
        Snapshots = new SnapshotWriter(_tables, _transaction, Subtrees, new SnapshotRemoval(_tables, _dirty));
        Unstable = new UnstableWriter(_tables, _transaction);
        Gaps = new GapWriter(_tables, _transaction, Revisions, Subtrees);
        Proofs = new ProofWriter(_tables, _transaction);
    }

    /// <summary>Writes revisions.</summary>
    public RevisionWriter Revisions { get; }

    /// <summary>Ends what is gone.</summary>
    public SubtreeWriter Subtrees { get; }

    /// <summary>Writes snapshots.</summary>
    public SnapshotWriter Snapshots { get; }

    /// <summary>Writes the list of unstable files.</summary>
    public UnstableWriter Unstable { get; }

    /// <summary>Writes what could not be seen.</summary>
    public GapWriter Gaps { get; }

    /// <summary>Remembers what is known to be in the repository.</summary>
    public ProofWriter Proofs { get; }

    /// <inheritdoc cref="WriterTurn.Begin"/>
    public void Begin() => _transaction.Begin();

    /// <summary>Commits. Visible to readers at once; a power failure may take it back, a killed process not.</summary>
    public void Commit() => _transaction.Commit();

    /// <inheritdoc cref="WriterTurn.IsAwaited"/>
    public bool IsAwaited() => _turn.IsAwaited();

    /// <inheritdoc cref="WriterTurn.GiveWay"/>
    public void GiveWay() => _turn.GiveWay();

    /// <summary>Undoes what was written since <see cref="Begin"/>; nothing if no transaction is open.</summary>
    public void Rollback() => _transaction.Rollback();

    /// <summary>
    /// Adds a source, or updates the names and paths of the one with that id. Its root is known by the last part of the canonical path: if
    /// that is another one now, all that is known of the root goes over to it.
    /// </summary>
    public SourceRow PutSource(Bytes32 uid, string name, string host, ReadOnlySpan<byte> root, ReadOnlySpan<byte> canonical)
    {
        byte[] rootBytes = root.ToArray(), canonicalBytes = canonical.ToArray();
        SourceRow? result = null;
        _transaction.Run(() =>
        {
            List<SourceRow> all = _tables.Sources.All();
            SourceRow? old = all.Find(s => s.Uid == uid);
            result = new SourceRow(old?.Id ?? (all.Count == 0 ? 1 : all[^1].Id + 1), uid, name, host, rootBytes, canonicalBytes);
            if (old is not null) { RootRename.Run(_tables, old, result); }
            if (result.Id >= 1 << 22) { throw new InvalidOperationException("The catalog has no source numbers left."); }
            _tables.Sources.Put(result, old);
            // Every directory has a tally, the one above the root too.
            _tables.Tallies.Add(result.RootDirectory, default);
        });
        return result!;
    }

    /// <summary>Gives a source another id, under which its history goes on. No other source may have that.</summary>
    public void ChangeId(SourceRow source, Bytes32 uid) => _transaction.Run(() => _tables.Sources.Put(source with { Uid = uid }, source));

    /// <summary>Takes a source out, with all that is known of it, as if the catalog had never known it.</summary>
    public void DropSource(SourceRow source) => _transaction.Run(() => SourceRemoval.Run(_tables, source));

    /// <summary>The counter for ids of a source's new directories. Take one for each run, before its first directory.</summary>
    public DirectoryIds DirectoryIds(long source)
    {
        if (_transaction.IsOpen) { _tables.Tallies.Flush(); }
        long from = source << CatalogSchema.SourceShift, to = (source + 1) << CatalogSchema.SourceShift;
        // A killed run may have left rows under an id whose directory it did not come to write.
        long last = Math.Max(_tables.Connection.Scalar($"SELECT max(id) FROM directory WHERE id>={from} AND id<{to}"), Math.Max(
            _tables.Connection.Scalar($"SELECT max(parent) FROM directory WHERE parent>={from} AND parent<{to}"),
            _tables.Connection.Scalar($"SELECT max(id) FROM tally WHERE id>={from} AND id<{to}")));
        return new DirectoryIds(Math.Max(last, from));
    }

    /// <summary>
    /// Adds a directory, without digest and tree. Before, or in the same transaction as, the first row below it: after a kill its children
    /// are found through it.
    /// </summary>
    public void InsertDirectory(long number, long parent, ReadOnlySpan<byte> name, long id)
    {
        _transaction.Demand();
        _tables.Directories.Insert(parent, name, new DirectoryRow(id, number, default, default, default, default, default));
        _tables.Tallies.Add(id, default);
    }

    /// <summary>
    /// Replaces what is known of a directory; <see cref="DirectoryRow.Id"/> must be its id, <see cref="DirectoryRow.Recorded"/> the running
    /// snapshot. Clears the tree of the directory above, unless that is updated later in the same transaction, or holds this tree:
    /// <paramref name="treeStands"/> says that it is the one a reader found during this run.
    /// </summary>
    public void UpdateDirectory(long parent, ReadOnlySpan<byte> name, in DirectoryRow row, bool treeStands = false)
    {
        _transaction.Demand();
        _tables.Directories.Update(parent, name, row);
        _dirty.Update(row.Id, parent, treeStands, row.Recorded);
    }

    /// <summary>Says that a directory is, from a snapshot on, what another one was before.</summary>
    public void RecordMove(long directory, long number, long origin)
    {
        _transaction.Demand();
        _tables.Touched.Put(number, directory);
        _tables.Moves.Put(directory, number, origin);
    }

    /// <inheritdoc/>
    public void Dispose() => _tables.Connection.Dispose();
}
