using Varve.Catalog.Sql;

namespace Varve.Catalog.Tables;

/// <summary>
/// The log: which directories a snapshot touched. Every directory in which it opened, closed or recorded something is in it; others may be.
/// Those of a snapshot are guarded by a tally of their own.
/// </summary>
internal sealed class TouchedTable(SqliteConnection connection, TallyTable tallies)
{
    private const long FirstTally = -1L << 33;

    private Statement? _put, _of, _delete;

    /// <summary>Notes a directory; nothing if it is noted.</summary>
    public void Put(long snapshot, long directory)
    {
        _put ??= connection.Prepare("INSERT OR IGNORE INTO touched(snapshot, dir, sum) VALUES(?,?,?)");
        int sum = Sum(snapshot, directory);
        int added = _put.Bind(1, snapshot).Bind(2, directory).Bind(3, sum).Execute();
        if (added > 0) { tallies.Add(FirstTally - snapshot, Tally.Of(sum, live: true)); }
    }

    /// <summary>Those of a snapshot: what lies in a directory before the directory.</summary>
    public List<long> Of(long snapshot)
    {
        _of ??= connection.Prepare("SELECT dir, sum FROM touched WHERE snapshot=? ORDER BY dir DESC");
        var directories = new List<long>();
        Tally seen = default;
        tallies.TryGetAndHold(FirstTally - snapshot, out Tally tally);
        try
        {
            _of.Bind(1, snapshot);
            while (_of.Step())
            {
                int sum = Sum(snapshot, _of.Int(0));
                if (sum != _of.Int(1)) { throw _of.Damaged("a touched directory does not match its sum"); }
                seen = seen.Plus(Tally.Of(sum, live: true));
                directories.Add(_of.Int(0));
            }

            return seen == tally ? directories : throw _of.Damaged("touched directories are missing or too many");
        }
        finally
        {
            _of.Reset();
            tallies.Release();
        }
    }

    /// <summary>Takes out those of a snapshot.</summary>
    public void Forget(long snapshot)
    {
        _delete ??= connection.Prepare("DELETE FROM touched WHERE snapshot=?");
        _delete.Bind(1, snapshot).Execute();
        tallies.Drop(FirstTally - snapshot);
    }

    private static int Sum(long snapshot, long directory) => new RowSum((byte)'l').Add(snapshot).Add(directory).Value;
}
