using Varve.Catalog.Sql;

namespace Varve.Catalog.Tables;

/// <summary>Which directory was which before it was moved. Every row that is read is checked against its sum.</summary>
internal sealed class MoveTable(SqliteConnection connection)
{
    private Statement? _get, _put;

    /// <summary>What a directory was before the snapshot; 0 if it was not moved then.</summary>
    public long OriginOf(long directory, long snapshot)
    {
        _get ??= connection.Prepare("SELECT origin, sum FROM move WHERE dir=? AND snapshot=?");
        if (!_get.Bind(1, directory).Bind(2, snapshot).Step()) { return 0; }
        long origin = _get.Int(0);
        if (Sum(directory, snapshot, origin) != _get.Int(1)) { throw _get.Damaged("a move does not match its sum"); }
        _get.Reset();
        return origin;
    }

    /// <summary>The snapshots of a source in which directories were moved.</summary>
    public HashSet<long> Snapshots(long source)
    {
        using Statement query = connection.Query("SELECT DISTINCT snapshot FROM move WHERE dir>=? AND dir<?");
        var numbers = new HashSet<long>();
        query.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift);
        while (query.Step()) { numbers.Add(query.Int(0)); }
        return numbers;
    }

    /// <summary>Adds or replaces a row.</summary>
    public void Put(long directory, long snapshot, long origin)
    {
        _put ??= connection.Prepare("INSERT OR REPLACE INTO move(dir, snapshot, origin, sum) VALUES(?,?,?,?)");
        _put.Bind(1, directory).Bind(2, snapshot).Bind(3, origin).Bind(4, Sum(directory, snapshot, origin)).Execute();
    }

    /// <summary>Takes out what a snapshot of the source recorded.</summary>
    public void Forget(long source, long snapshot)
    {
        using Statement delete = connection.Query("DELETE FROM move WHERE dir>=? AND dir<? AND snapshot=?");
        delete.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift).Bind(3, snapshot).Execute();
    }

    private static int Sum(long directory, long snapshot, long origin) =>
        new RowSum((byte)'m').Add(directory).Add(snapshot).Add(origin).Value;
}
