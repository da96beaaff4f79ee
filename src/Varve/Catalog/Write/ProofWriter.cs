using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog.Write;

/// <summary>
/// Remembers of which histories all that the rows need was known to be in the repository, and which index runs there were then. A
/// repository that was set back, or copied while it was written, or whose disk lost its last writes, lacks a run that was there: then no
/// row of any history is believed until it is proved. The rows of meta that say so have no sums: without them all is proved once.
/// </summary>
internal sealed class ProofWriter(CatalogTables tables, CatalogTransaction transaction)
{
    private const string Run = "run:", Proved = "proved:", Losses = "losses";

    /// <summary>
    /// Whether the rows of a history are known to need nothing that is missing, where these index runs are there now; and how often runs
    /// were lost until now, for <see cref="End"/>.
    /// </summary>
    public (bool IsProved, long Losses) Begin(Bytes32 history, IReadOnlyCollection<ObjectName> present)
    {
        bool isProved = false;
        long losses = 0;
        transaction.Run(() =>
        {
            HashSet<ObjectName> lost = Known();
            lost.ExceptWith(present);
            if (lost.Count > 0)
            {
                tables.Connection.Run($"DELETE FROM meta WHERE key LIKE '{Proved}%'");
                foreach (ObjectName run in lost) { tables.Connection.Run($"DELETE FROM meta WHERE key='{Run}{run}'"); }
                tables.Connection.Run($"INSERT INTO meta(key, value) VALUES('{Losses}', zeroblob(1)) "
                    + "ON CONFLICT(key) DO UPDATE SET value=zeroblob(length(value) + 1)");
            }

            isProved = tables.Connection.Scalar($"SELECT count(*) FROM meta WHERE key='{Proved}{history}'") > 0;
            losses = CountLosses();
        });
        return (isProved, losses);
    }

    /// <summary>
    /// Everything that the rows of a history need was found, or stored, and these index runs are there. Says nothing if a run was found to
    /// be lost since <see cref="Begin"/> told so many losses.
    /// </summary>
    public void End(Bytes32 history, long losses, IReadOnlyCollection<ObjectName> present) => transaction.Run(() =>
    {
        if (CountLosses() != losses) { return; }
        HashSet<ObjectName> added = [.. present];
        added.ExceptWith(Known());
        foreach (ObjectName run in added) { tables.Connection.Run($"INSERT OR IGNORE INTO meta(key, value) VALUES('{Run}{run}', x'')"); }
        tables.Connection.Run($"INSERT OR IGNORE INTO meta(key, value) VALUES('{Proved}{history}', x'')");
    });

    private long CountLosses() => tables.Connection.Scalar($"SELECT coalesce(max(length(value)), 0) FROM meta WHERE key='{Losses}'");

    private HashSet<ObjectName> Known()
    {
        var known = new HashSet<ObjectName>();
        using Statement query = tables.Connection.Query($"SELECT substr(key, {Run.Length + 1}) FROM meta WHERE key >= '{Run}' AND key < 'run;'");
        while (query.Step())
        {
            if (Bytes32.TryParseHex(query.Text(0), out Bytes32 name)) { known.Add(new ObjectName(name)); }
        }

        return known;
    }
}
