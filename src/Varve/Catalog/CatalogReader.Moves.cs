using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog;

internal sealed partial class CatalogReader
{
    private Statement? _byInode, _ofName;

    /// <summary>
    /// The directories of a source with that inode number: those that are current, and those that snapshot <paramref name="running"/> has
    /// ended so far. With their revisions of before that snapshot, so whatever of it was committed, a directory that was there when it
    /// began is found.
    /// </summary>
    public List<KnownDirectory> FindDirectories(long source, ulong inode, long running)
    {
        _byInode ??= _connection.Prepare(
            $"SELECT {RevisionTable.AllColumns}, dir FROM revision WHERE kind=2 AND inode=? AND last=? AND dir>=? AND dir<? ORDER BY dir, "
            + $"name, first");
        var found = new List<KnownDirectory>();
        foreach (long last in (ReadOnlySpan<long>)[0, running])
        {
            _byInode.Bind(1, (long)inode).Bind(2, last).Bind(3, source << CatalogSchema.SourceShift)
                .Bind(4, (source + 1) << CatalogSchema.SourceShift);
            while (_byInode.Step()) { found.Add(Known(_byInode, _byInode.Int(17))); }
        }

        return found;
    }

    /// <summary>
    /// The states of a directory by name: the current one, and what snapshot <paramref name="running"/> has ended so far.
    /// </summary>
    public List<KnownDirectory> FindDirectory(long parent, ReadOnlySpan<byte> name, long running)
    {
        _ofName ??= _connection.Prepare(
            $"SELECT {RevisionTable.AllColumns} FROM revision WHERE dir=? AND last=? AND name=? AND kind=2 ORDER BY first");
        var found = new List<KnownDirectory>();
        foreach (long last in (ReadOnlySpan<long>)[0, running])
        {
            _ofName.Bind(1, parent).Bind(2, last).Bind(3, name);
            while (_ofName.Step()) { found.Add(Known(_ofName, parent)); }
        }

        return found;
    }

    /// <summary>
    /// The directories of a source in which an entry, no directory itself, has one of these numbers now. It reads all rows, and no sums:
    /// whoever asks looks at what is found.
    /// </summary>
    public IReadOnlySet<long> DirectoriesWith(long source, IReadOnlySet<ulong> inodes)
    {
        var found = new HashSet<long>();
        using Statement rows = _connection.Query("SELECT dir, inode FROM revision WHERE dir>=? AND dir<? AND last=0 AND kind<>2");
        rows.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift);
        while (rows.Step())
        {
            if (inodes.Contains((ulong)rows.Int(1))) { found.Add(rows.Int(0)); }
        }

        return found;
    }

    /// <summary>Where a directory lies; false for the pseudo directory above a root, and for one that was never entered.</summary>
    public bool TryLocate(long directory, out long parent, out byte[] name) =>
        _tables.Directories.TryLocate(directory, out parent, out name, out _);

    /// <summary>What a directory was before it was moved in a snapshot; 0 if it was not.</summary>
    public long OriginOf(long directory, long snapshot) => _tables.Moves.OriginOf(directory, snapshot);

    /// <summary>The snapshots of a source in which directories were moved.</summary>
    public IReadOnlySet<long> SnapshotsWithMoves(long source) => _tables.Moves.Snapshots(source);

    /// <summary>
    /// The path, relative to the root, at which the snapshot before <paramref name="first"/> had a revision that begins there; null if it
    /// did not come by a move of a directory.
    /// </summary>
    public byte[]? MovedFrom(long directory, ReadOnlySpan<byte> name, long first, in EntryStat stat)
    {
        if (stat.Kind != EntryKind.Directory)
        {
            long from = _tables.Moves.OriginOf(directory, first);
            return from != 0 && Ended(from, name, first, in stat, wholly: true) ? Join(_tables.Directories.PathOf(from), name) : null;
        }

        if (!_tables.Directories.TryGet(directory, name, out DirectoryRow own)) { return null; }
        long origin = _tables.Moves.OriginOf(own.Id, first);
        if (origin == 0) { return null; }
        return TryLocate(origin, out long parent, out byte[] oldName) && Ended(parent, oldName, first, in stat, wholly: false)
            ? _tables.Directories.PathOf(origin) : null;
    }

    private bool Ended(long directory, ReadOnlySpan<byte> name, long last, in EntryStat stat, bool wholly)
    {
        var rows = new EntryTable();
        _tables.Revisions.Read(directory, last, static (_, end, number) => end == number, rows);
        for (int i = 0; i < rows.Count; i++)
        {
            ref EntryStat old = ref rows.Stat(i);
            bool same = rows.Name(i).SequenceEqual(name) && old.Kind == stat.Kind && old.Inode == stat.Inode;
            if (same && (!wholly || (old.Size == stat.Size && old.Mtime == stat.Mtime && old.Ctime == stat.Ctime))) { return true; }
        }

        return false;
    }

    private static byte[] Join(byte[] directory, ReadOnlySpan<byte> name) =>
        directory.Length == 0 ? name.ToArray() : [.. directory, (byte)'/', .. name];

    private static KnownDirectory Known(Statement row, long parent)
    {
        RevisionTable.Decode(row, parent, out EntryStat stat, out long first, out long last, out _);
        return new KnownDirectory(parent, row.Blob(1).ToArray(), first, last == 0 ? long.MaxValue : last, stat, row.Blob(15).ToArray());
    }
}
