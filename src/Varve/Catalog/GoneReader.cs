using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog;

/// <summary>
/// Reads what a snapshot found to be no longer there. Part of a <see cref="CatalogReader"/>, with its rules. What has come with a directory
/// to another place is not gone, nor is what has another state under its name.
/// </summary>
internal sealed class GoneReader(CatalogTables tables)
{
    private const string State = "inode, size, mtime, mtime_ns, ctime, ctime_ns";

    private Statement? _current;

    /// <summary>
    /// Calls <paramref name="found"/> with the path and kind of each, directory by directory. Looks at all rows of the source; keeps only
    /// which directories were moved.
    /// </summary>
    public void Find(long source, long snapshot, Action<byte[], EntryKind> found)
    {
        (long from, long to) = (source << CatalogSchema.SourceShift, (source + 1) << CatalogSchema.SourceShift);
        ILookup<long, long> moved = Moved(from, to, snapshot);
        using Statement ended = tables.Connection.Query(
            $"SELECT dir, name, kind, {State} FROM revision WHERE dir>=? AND dir<? AND last=? ORDER BY dir, name, first");
        ended.Bind(1, from).Bind(2, to).Bind(3, snapshot);
        (long directory, byte[] prefix) = (0, []);
        while (ended.Step())
        {
            long at = ended.Int(0);
            byte[] name = ended.Blob(1).ToArray();
            var kind = (EntryKind)ended.Int(2);
            bool isMoved = kind == EntryKind.Directory ? IsMoved(moved, at, name) : HasMoved(moved, at, name, kind, ended);
            if (isMoved || Has(at, name, kind, null)) { continue; }

            if (at != directory) { (directory, prefix) = (at, tables.Directories.PathOf(at)); }
            bool isRoot = (at & (CatalogSchema.FirstDirectory - 1)) == 0;
            found(isRoot ? [] : prefix.Length == 0 ? name : [.. prefix, (byte)'/', .. name], kind);
        }
    }

    private bool IsMoved(ILookup<long, long> moved, long parent, byte[] name) =>
        tables.Directories.TryGet(parent, name, out Rows.DirectoryRow row) && moved.Contains(row.Id);

    private bool HasMoved(ILookup<long, long> moved, long from, byte[] name, EntryKind kind, Statement ended)
    {
        foreach (long to in moved[from])
        {
            if (Has(to, name, kind, ended)) { return true; }
        }

        return false;
    }

    /// <summary>Whether a directory has something of that name and kind now; in the same state as that row's, if one is given.</summary>
    private bool Has(long directory, byte[] name, EntryKind kind, Statement? row)
    {
        _current ??= tables.Connection.Prepare($"SELECT kind, {State} FROM revision WHERE dir=? AND last=0 AND name=?");
        bool has = false;
        _current.Bind(1, directory).Bind(2, name);
        if (_current.Step())
        {
            has = (EntryKind)_current.Int(0) == kind;
            for (int i = 1; row is not null && has && i <= 6; i++) { has = _current.Int(i) == row.Int(i + 2); }
            _current.Reset();
        }

        return has;
    }

    private ILookup<long, long> Moved(long from, long to, long snapshot)
    {
        var moves = new List<(long Origin, long Directory)>();
        using Statement query = tables.Connection.Query("SELECT origin, dir FROM move WHERE dir>=? AND dir<? AND snapshot=?");
        query.Bind(1, from).Bind(2, to).Bind(3, snapshot);
        while (query.Step()) { moves.Add((query.Int(0), query.Int(1))); }
        return moves.ToLookup(static m => m.Origin, static m => m.Directory);
    }
}
