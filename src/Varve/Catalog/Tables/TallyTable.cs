using Varve.Catalog.Sql;

namespace Varve.Catalog.Tables;

/// <summary>
/// How many rows each directory has, and the sum of their sums: current ones and all. The same for the snapshots of a source (under the
/// source's number) and for the sources (under 0). Changes are gathered in memory, bounded, and written before the transaction commits.
/// </summary>
internal sealed class TallyTable(SqliteConnection connection)
{
    /// <summary>Pending changes beyond this are written at once.</summary>
    private const int Bound = 4096;

    // A row in any case: a statement at its end holds nothing.
    private readonly Statement _get = connection.Prepare(
        "SELECT live, live_sum, total, total_sum, sum, 1 FROM tally WHERE id=? UNION ALL SELECT 0, 0, 0, 0, 0, 0");
    private readonly Dictionary<long, Tally> _pending = [];
    private Statement? _put, _drop;

    /// <summary>
    /// The tally of an id, pending changes aside; false if there is none. In either case the statement stays on a row until
    /// <see cref="Release"/>, which holds the view.
    /// </summary>
    public bool TryGetAndHold(long id, out Tally tally)
    {
        tally = default;
        if (!_get.Bind(1, id).Step() || _get.Int(5) == 0) { return false; }
        tally = new Tally(_get.Int(0), _get.Int(1), _get.Int(2), _get.Int(3));
        return Sum(id, tally) == _get.Int(4) ? true : throw _get.Damaged("a tally does not match its sum");
    }

    /// <summary>Ends the hold.</summary>
    public void Release() => _get.Reset();

    /// <summary>Adds to an id's tally.</summary>
    public void Add(long id, in Tally change)
    {
        if (_pending.Count >= Bound && !_pending.ContainsKey(id)) { Flush(); }
        _pending[id] = _pending.TryGetValue(id, out Tally pending) ? pending.Plus(change) : change;
    }

    /// <summary>Takes out an id whose rows are all gone.</summary>
    public void Drop(long id)
    {
        _pending.Remove(id);
        _drop ??= connection.Prepare("DELETE FROM tally WHERE id=?");
        _drop.Bind(1, id).Execute();
    }

    /// <summary>Writes what is pending.</summary>
    public void Flush()
    {
        _put ??= connection.Prepare("INSERT OR REPLACE INTO tally(id, live, live_sum, total, total_sum, sum) VALUES(?,?,?,?,?,?)");
        foreach ((long id, Tally change) in _pending)
        {
            TryGetAndHold(id, out Tally tally);
            Release();
            tally = tally.Plus(change);
            _put.Bind(1, id).Bind(2, tally.Live).Bind(3, tally.LiveSum).Bind(4, tally.Total).Bind(5, tally.TotalSum)
                .Bind(6, Sum(id, tally)).Execute();
        }

        _pending.Clear();
    }

    /// <summary>Drops what is pending, with the transaction.</summary>
    public void Forget() => _pending.Clear();

    private static int Sum(long id, in Tally t) =>
        new RowSum((byte)'t').Add(id).Add(t.Live).Add(t.LiveSum).Add(t.Total).Add(t.TotalSum).Value;
}
