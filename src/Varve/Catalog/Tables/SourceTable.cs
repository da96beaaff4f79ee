using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;

namespace Varve.Catalog.Tables;

/// <summary>The table of sources, read whole: there are few. Guarded by the tally 0.</summary>
internal sealed class SourceTable(SqliteConnection connection, TallyTable tallies)
{
    private const long TallyId = 0;
    private Statement? _all, _put;

    /// <summary>All sources, by number.</summary>
    public List<SourceRow> All()
    {
        _all ??= connection.Prepare("SELECT id, uid, name, host, root, canonical, sum FROM source ORDER BY id");
        var rows = new List<SourceRow>();
        // A catalog without sources may have no tally yet.
        tallies.TryGetAndHold(TallyId, out Tally tally);
        try
        {
            Tally seen = default;
            while (_all.Step())
            {
                var row = new SourceRow(_all.Int(0), _all.Bytes32(1), _all.Text(2), _all.Text(3), _all.Blob(4).ToArray(),
                    _all.Blob(5).ToArray());
                if (Sum(row) != _all.Int(6)) { throw _all.Damaged("a source does not match its sum"); }
                seen = seen.Plus(Tally.Of(Sum(row), live: true));
                rows.Add(row);
            }

            if (seen != tally) { throw _all.Damaged("sources are missing or too many"); }
            return rows;
        }
        finally
        {
            _all.Reset();
            tallies.Release();
        }
    }

    /// <summary>Adds or replaces a source; <paramref name="old"/> is the row it replaces.</summary>
    public void Put(SourceRow row, SourceRow? old)
    {
        _put ??= connection.Prepare("INSERT OR REPLACE INTO source(id, uid, name, host, root, canonical, sum) VALUES(?,?,?,?,?,?,?)");
        _put.Bind(1, row.Id).Bind(2, row.Uid).BindText(3, row.Name).BindText(4, row.Host).Bind(5, row.Root).Bind(6, row.Canonical)
            .Bind(7, Sum(row)).Execute();
        tallies.Add(TallyId, Tally.Of(Sum(row), live: true).Minus(old == null ? default : Tally.Of(Sum(old), live: true)));
    }

    /// <summary>Takes a source out.</summary>
    public void Delete(SourceRow row)
    {
        using Statement delete = connection.Query("DELETE FROM source WHERE id=?");
        delete.Bind(1, row.Id).Execute();
        tallies.Add(TallyId, default(Tally).Minus(Tally.Of(Sum(row), live: true)));
    }

    private static int Sum(SourceRow r) => new RowSum((byte)'s').Add(r.Id).Add(r.Uid).Add(System.Text.Encoding.UTF8.GetBytes(r.Name))
        .Add(System.Text.Encoding.UTF8.GetBytes(r.Host)).Add(r.Root).Add(r.Canonical).Value;
}
