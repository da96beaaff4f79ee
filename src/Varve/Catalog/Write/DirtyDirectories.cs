using Varve.Catalog.Rows;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog.Write;

/// <summary>
/// Directories whose digest or tree a transaction has made doubtful: both go before it commits. It writes the log, too, of what snapshots
/// touch. Not thread-safe.
/// </summary>
internal sealed class DirtyDirectories(DirectoryTable directories, TouchedTable log)
{
    private const int Bound = 4096;

    /// <summary>Directories whose rows changed in this transaction, after their own row did.</summary>
    private readonly HashSet<long> _dirty = [];

    /// <summary>Directories of which a child's row changed in this transaction, after their own did.</summary>
    private readonly HashSet<long> _stale = [];

    /// <summary>Rows of a directory change, by what a snapshot has of it.</summary>
    internal void Touch(long directory, long snapshot)
    {
        if (!_dirty.Add(directory)) { return; }
        log.Put(snapshot, directory);
        if (_dirty.Count > Bound) { Clear(); }
    }

    /// <summary>Rows of a directory change, and no snapshot has anything to do with it.</summary>
    internal void Mark(long directory)
    {
        if (_dirty.Add(directory) && _dirty.Count > Bound) { Clear(); }
    }

    /// <summary>A directory's own row changed, after its rows; the tree above it may stand.</summary>
    internal void Update(long directory, long parent, bool treeStands, long snapshot)
    {
        if (!_dirty.Remove(directory)) { log.Put(snapshot, directory); }
        _stale.Remove(directory);
        if (!treeStands && _stale.Add(parent) && _stale.Count > Bound) { Clear(); }
    }

    /// <summary>The transaction is undone.</summary>
    internal void Forget()
    {
        _dirty.Clear();
        _stale.Clear();
    }

    /// <summary>
    /// A digest stands for the rows it was recorded with. If only some of a directory's rows come to be committed before a kill, and the
    /// directory then goes back to what it was (a file system mounted again), the old digest would vouch for rows that are not there: so it
    /// goes. Likewise a tree stands for the trees below it: if a kill comes between a directory's commit and that of the one above, the
    /// latter's tree goes. So at every commit, the tree of a directory holds the trees of those below, or one of them has none. A directory
    /// that was looked at again, for want of safe timestamps, and has the tree it had leaves those above theirs: what is complete says the
    /// same as one that is built anew from the repository.
    /// </summary>
    internal void Clear()
    {
        foreach (long id in _dirty) { Clear(id, digestToo: true); }
        foreach (long id in _stale) { Clear(id, digestToo: false); }
        Forget();
    }

    private void Clear(long id, bool digestToo)
    {
        // Not there: the pseudo directory above the root, or a new one that is yet to be inserted.
        if (!directories.TryLocate(id, out long parent, out byte[] name, out DirectoryRow row)) { return; }
        Bytes32 digest = digestToo ? default : row.Digest;
        if (row.Tree.IsNone && row.Digest == digest) { return; }
        directories.Update(parent, name, row with { Digest = digest, Tree = default });
    }
}
