using SQLitePCL;
using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog.Hints;

/// <summary>
/// Reads from a catalog what a shell offers while somebody types: at once or not at all. Nothing is brought up to date, repaired or waited
/// for, and entries are believed without their sums: nothing but what is offered rests on them. Not thread-safe.
/// </summary>
internal sealed class HintReader : IDisposable
{
    private const int CacheKiB = 1 << 10;

    /// <summary>Steps of SQLite's machine: some tens of milliseconds.</summary>
    private const long Patience = 2_000_000;

    /// <summary>Names have at most 255 bytes, so that nothing which begins with a text comes after it and this.</summary>
    private static readonly byte[] s_after = [.. Enumerable.Repeat((byte)0xff, 256)];

    private readonly SqliteConnection _connection;
    private readonly CatalogTables _tables;

    private HintReader(SqliteConnection connection)
    {
        _connection = connection;
        _tables = new CatalogTables(connection);
    }

    /// <summary>Opens a catalog; null if there is none that this version of the program understands.</summary>
    /// <exception cref="VarveException">It cannot be read. Whatever is asked of it may also throw this, or OperationCanceledException if it
    /// takes too long.</exception>
    public static HintReader? TryOpen(string path)
    {
        if (!File.Exists(path)) { return null; }
        // Not SQLITE_OPEN_READONLY, which needs somebody else to keep the write-ahead log's index.
        SqliteConnection connection = SqliteConnection.Open(path, raw.SQLITE_OPEN_READWRITE, CacheKiB);
        connection.Run("PRAGMA query_only=1; PRAGMA busy_timeout=0");
        connection.EndAfter(Patience);
        if (connection.Scalar("PRAGMA application_id") == CatalogSchema.ApplicationId
            && connection.Scalar("PRAGMA user_version") == CatalogSchema.Version)
        {
            return new HintReader(connection);
        }

        connection.Dispose();
        return null;
    }

    /// <summary>All sources.</summary>
    public IReadOnlyList<SourceRow> Sources() => _tables.Sources.All();

    /// <summary>The complete snapshots of a source, the newest first.</summary>
    public IReadOnlyList<SnapshotRow> Snapshots(long source) =>
        [.. _tables.Snapshots.OfSource(source).Where(static s => s.State == SnapshotState.Complete).Reverse()];

    /// <summary>
    /// The entries of a directory of a source, as a snapshot has them, whose names begin with <paramref name="prefix"/>: sorted, at most
    /// about that many, the last one always among them, so that what all of them begin with is right. <paramref name="path"/> is relative
    /// to the source's root.
    /// </summary>
    public SortedDictionary<byte[], bool> Entries(SourceRow source, long snapshot, ReadOnlySpan<byte> path, byte[] prefix, int most)
    {
        var found = new SortedDictionary<byte[], bool>(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
        if (DirectoryOf(source, path) is not { } directory) { return found; }
        // The current ones lie together, in the order of their names; of those that were there once, the latest that ended come last.
        Collect(directory, snapshot, prefix, "last = 0 AND", "", most, found);
        if (found.Count == most) { Collect(directory, snapshot, prefix, "last = 0 AND", "DESC", 1, found); }
        Collect(directory, snapshot, prefix, "last > ?2 AND", "", most, found);
        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private long? DirectoryOf(SourceRow source, ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> root = source.Canonical.Length == 1 ? source.Canonical
            : source.Canonical.AsSpan(source.Canonical.AsSpan().LastIndexOf((byte)'/') + 1);
        if (!_tables.Directories.TryGet(source.RootDirectory, root, out DirectoryRow row)) { return null; }
        foreach (Range part in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[part];
            if (!name.IsEmpty && !_tables.Directories.TryGet(row.Id, name, out row)) { return null; }
        }

        return row.Id;
    }

    private void Collect(long directory, long snapshot, byte[] prefix, string which, string order, int most,
        SortedDictionary<byte[], bool> into)
    {
        // What a snapshot could not save is not in it, though its revision stands.
        using Statement query = _connection.Query(
            $"SELECT name, kind FROM revision r WHERE dir = ?1 AND {which} first <= ?2 AND name >= ?3 AND name < ?4 AND NOT EXISTS(SELECT 1 "
            + "FROM gap g WHERE g.dir = r.dir AND g.name = r.name AND g.kind = 1 AND g.first <= ?2 AND (g.last = 0 OR g.last > ?2)) "
            + $"ORDER BY name {order} LIMIT ?5");
        query.Bind(1, directory).Bind(2, snapshot).Bind(3, prefix.Length == 0 ? [0] : prefix).Bind(4, [.. prefix, .. s_after]).Bind(5, most);
        while (query.Step()) { into[query.Blob(0).ToArray()] = (EntryKind)query.Int(1) == EntryKind.Directory; }
    }
}
