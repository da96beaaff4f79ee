using Varve.Catalog.Sql;

namespace Varve.Catalog.Tables;

/// <summary>Which directory was which before it was moved. Every row that is read is checked against its sum.</summary>
internal sealed class MoveTable(SqliteConnection connection)
{
    private Statement? _get, _put, _delete;

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

    /// <summary>What a snapshot of a source recorded. Looks at all of the source's.</summary>
    public List<(long Directory, long Origin)> Of(long source, long snapshot)
    {
        using Statement query = connection.Query("SELECT dir, origin, sum FROM move WHERE dir>=? AND dir<? AND snapshot=?");
        var moves = new List<(long, long)>();
        query.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift).Bind(3, snapshot);
        while (query.Step())
        {
            if (Sum(query.Int(0), snapshot, query.Int(1)) != query.Int(2)) { throw query.Damaged("a move does not match its sum"); }
            moves.Add((query.Int(0), query.Int(1)));
        }

        return moves;
    }

    /// <summary>Takes out what a snapshot recorded of a directory.</summary>
    public void Forget(long directory, long snapshot)
    {
        _delete ??= connection.Prepare("DELETE FROM move WHERE dir=? AND snapshot=?");
        _delete.Bind(1, directory).Bind(2, snapshot).Execute();
    }

    /// <summary>Takes out all that was recorded of a directory.</summary>
    public void ForgetAll(long directory)
    {
        using Statement delete = connection.Query("DELETE FROM move WHERE dir=?");
        delete.Bind(1, directory).Execute();
    }

    private static int Sum(long directory, long snapshot, long origin) =>
        new RowSum((byte)'m').Add(directory).Add(snapshot).Add(origin).Value;
}
