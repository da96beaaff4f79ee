using Varve.Model;

namespace Varve.Catalog;

/// <summary>
/// Writes the catalog. Rows are written between <see cref="Begin"/> and <see cref="Commit"/>; the calls that change a snapshot's state make their own
/// transaction if none is open. An open transaction keeps other processes from writing: gather first, then write. Not thread-safe
/// (but <see cref="DirectoryIds"/> is). After an exception roll back; after Damaged set the file aside.
/// </summary>
internal sealed partial class CatalogWriter : IDisposable
{
    private const int DirtyBound = 4096;

    private readonly SqliteConnection _connection;
    private readonly TallyTable _tallies;
    private readonly DirectoryTable _directories;
    private readonly RevisionTable _revisions;
    private readonly SourceTable _sources;
    private readonly SnapshotTable _snapshots;
    private readonly UnstableTable _unstable;
    private readonly MoveTable _moves;

    /// <summary>Directories whose rows changed in this transaction, after their own row did.</summary>
    private readonly HashSet<long> _dirty = [];

    /// <summary>Directories of which a child's row changed in this transaction, after their own did.</summary>
    private readonly HashSet<long> _stale = [];
    private bool _open;

    internal CatalogWriter(SqliteConnection connection)
    {
        _connection = connection;
        _tallies = new TallyTable(connection);
        _directories = new DirectoryTable(connection);
        _revisions = new RevisionTable(connection, _tallies);
        _sources = new SourceTable(connection, _tallies);
        _snapshots = new SnapshotTable(connection, _tallies);
        _unstable = new UnstableTable(connection, _tallies);
        _moves = new MoveTable(connection);
    }

    /// <summary>Begins a transaction; waits for other writers, at most five minutes.</summary>
    public void Begin()
    {
        if (_open) { throw new InvalidOperationException("A transaction is open."); }
        _connection.Run("BEGIN IMMEDIATE");
        _open = true;
    }

    /// <summary>Commits. Visible to readers at once; a power failure may take it back, a killed process not.</summary>
    public void Commit()
    {
        Demand();
        ClearDirty();
        _tallies.Flush();
        _connection.Run("COMMIT");
        _open = false;
    }

    /// <summary>Undoes what was written since <see cref="Begin"/>; nothing if no transaction is open.</summary>
    public void Rollback()
    {
        if (!_open) { return; }
        _tallies.Forget();
        _unstable.Forget();
        _dirty.Clear();
        _stale.Clear();
        _open = false;
        // An error may have ended the transaction already.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0) { _connection.Run("ROLLBACK"); }
    }

    /// <summary>Adds a source, or updates the names and paths of the one with that id.</summary>
    public SourceRow PutSource(Bytes32 uid, string name, string host, ReadOnlySpan<byte> root, ReadOnlySpan<byte> canonical)
    {
        byte[] rootBytes = root.ToArray(), canonicalBytes = canonical.ToArray();
        SourceRow? result = null;
        InTransaction(() =>
        {
            List<SourceRow> all = _sources.All();
            SourceRow? old = all.Find(s => s.Uid == uid);
            result = new SourceRow(old?.Id ?? (all.Count == 0 ? 1 : all[^1].Id + 1), uid, name, host, rootBytes, canonicalBytes);
            if (result.Id >= 1 << 22) { throw new InvalidOperationException("The catalog has no source numbers left."); }
            _sources.Put(result, old);
            // Every directory has a tally, the one above the root too.
            _tallies.Add(result.RootDirectory, default);
        });
        return result!;
    }

    /// <summary>The counter for ids of a source's new directories. Take one for each run, before its first directory.</summary>
    public DirectoryIds DirectoryIds(long source)
    {
        if (_open) { _tallies.Flush(); }
        long from = source << CatalogSchema.SourceShift, to = (source + 1) << CatalogSchema.SourceShift;
        // A killed run may have left rows under an id whose directory it did not come to write.
        long last = Math.Max(_connection.Scalar($"SELECT max(id) FROM directory WHERE id>={from} AND id<{to}"), Math.Max(
            _connection.Scalar($"SELECT max(parent) FROM directory WHERE parent>={from} AND parent<{to}"),
            _connection.Scalar($"SELECT max(id) FROM tally WHERE id>={from} AND id<{to}")));
        return new DirectoryIds(Math.Max(last, from));
    }

    /// <summary>
    /// Adds a directory, without digest and tree. Before, or in the same transaction as, the first row below it: after a kill its children are found
    /// through it.
    /// </summary>
    public void InsertDirectory(long number, long parent, ReadOnlySpan<byte> name, long id)
    {
        Demand();
        _directories.Insert(parent, name, new DirectoryRow(id, number, default, default, default, default, default));
        _tallies.Add(id, default);
    }

    /// <summary>
    /// Replaces what is known of a directory; <see cref="DirectoryRow.Id"/> must be its id, <see cref="DirectoryRow.Recorded"/> the running snapshot. Clears the tree of the
    /// directory above, unless that is updated later in the same transaction, or holds this tree: <paramref name="treeStands"/> says that it is the one a reader found during this run.
    /// </summary>
    public void UpdateDirectory(long parent, ReadOnlySpan<byte> name, in DirectoryRow row, bool treeStands = false)
    {
        Demand();
        _directories.Update(parent, name, row);
        _dirty.Remove(row.Id);
        _stale.Remove(row.Id);
        if (!treeStands && _stale.Add(parent) && _stale.Count > DirtyBound) { ClearDirty(); }
    }

    /// <summary>
    /// Adds a current revision. Like every change of a directory's revisions it clears the directory's digest and tree, unless <see cref="UpdateDirectory"/> follows in the same
    /// transaction. <paramref name="details"/> of a directory must not have its tree (tag 3).
    /// </summary>
    public void InsertRevision(long directory, ReadOnlySpan<byte> name, long first, in EntryStat stat, EntryFlags flags, ReadOnlySpan<byte> details)
    {
        Touch(directory);
        _revisions.Insert(directory, 0, name, first, stat, flags, details);
    }

    /// <summary>Ends a current revision at <paramref name="last"/>, the first snapshot without it; one that began there never was, and is deleted.</summary>
    public void CloseRevision(long directory, ReadOnlySpan<byte> name, long first, long last)
    {
        Touch(directory);
        if (first == last)
        {
            _revisions.Delete(directory, 0, name, first);
        }
        else
        {
            _revisions.Move(directory, name, first, 0, last);
        }
    }

    /// <summary>Makes a revision current again that the killed run of <paramref name="last"/> closed.</summary>
    public void ReopenRevision(long directory, ReadOnlySpan<byte> name, long first, long last)
    {
        Touch(directory);
        _revisions.Move(directory, name, first, last, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Demand()
    {
        if (!_open) { throw new InvalidOperationException("No transaction is open."); }
    }

    private void Touch(long directory)
    {
        Demand();
        if (_dirty.Add(directory) && _dirty.Count > DirtyBound) { ClearDirty(); }
    }

    /// <summary>
    /// A digest stands for the rows it was recorded with. If only some of a directory's rows come to be committed before a kill, and the directory then goes back to what it
    /// was (a file system mounted again), the old digest would vouch for rows that are not there: so it goes. Likewise a tree stands for the
    /// trees below it: if a kill comes between a directory's commit and that of the one above, the latter's tree goes. So at every commit, the tree of a
    /// directory holds the trees of those below, or one of them has none. A directory that was looked at again, for want of safe timestamps, and has the tree it had leaves those above
    /// theirs: what is complete says the same as one that is built anew from the repository.
    /// </summary>
    private void ClearDirty()
    {
        foreach (long id in _dirty) { Clear(id, digestToo: true); }
        foreach (long id in _stale) { Clear(id, digestToo: false); }
        _dirty.Clear();
        _stale.Clear();
    }

    private void Clear(long id, bool digestToo)
    {
        // Not there: the pseudo directory above the root, or a new one that is yet to be inserted.
        if (!_directories.TryLocate(id, out long parent, out byte[] name, out DirectoryRow row)) { return; }
        Bytes32 digest = digestToo ? default : row.Digest;
        if (row.Tree.IsNone && row.Digest == digest) { return; }
        _directories.Update(parent, name, row with { Digest = digest, Tree = default });
    }

    private void InTransaction(Action work)
    {
        if (_open)
        {
            _tallies.Flush();
            work();
            _tallies.Flush();
            return;
        }

        Begin();
        try
        {
            work();
            Commit();
        }
        catch
        {
            Rollback();
            throw;
        }
    }
}
