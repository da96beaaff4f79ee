using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog;

internal sealed partial class CatalogReader
{
    /// <summary>
    /// The same numbers as <see cref="Verify"/> gives, by the tallies: for a catalog that was just written. Rows are not looked at.
    /// </summary>
    public CatalogTotals Totals() => new(
        Sources().Count, Snapshots().Count, _connection.Scalar("SELECT count(*) FROM directory"),
        _connection.Scalar($"SELECT coalesce(sum(total), 0) FROM tally WHERE id>={CatalogSchema.FirstDirectory}"));

    /// <summary>
    /// Reads everything: SQLite's own structure check, every row against its sum, every directory's rows against its tally, and for every
    /// revision of kind Directory that its directory exists (but for those that an unfinished snapshot saw and has not yet entered). Linear
    /// in the catalog, memory bounded by the largest directory.
    /// </summary>
    /// <exception cref="VarveException">Damaged, naming the first thing that is wrong.</exception>
    public CatalogTotals Verify()
    {
        // One read transaction, so that a writer's commits in between do not look like damage.
        _connection.Run("BEGIN");
        try
        {
            using Statement check = _connection.Query("PRAGMA integrity_check(1)");
            if (!check.Step() || !check.Blob(0).SequenceEqual("ok"u8)) { throw check.Damaged(check.Text(0)); }
            check.Reset();
            foreach (SourceRow source in Sources())
            {
                Unstable(source.Id, most: 0);
                Gaps.OfSource(source.Id);
            }

            foreach (SnapshotRow row in Snapshots()) { _tables.Touched.Of(row.Number); }
            long directories = 0, revisions = 0;
            var table = new EntryTable();
            HashSet<long> unfinished = [.. Snapshots().Where(static s => s.State != SnapshotState.Complete).Select(static s => s.Number)];
            using Statement tallied = _connection.Query($"SELECT id FROM tally WHERE id>={CatalogSchema.FirstDirectory}");
            while (tallied.Step())
            {
                long directory = tallied.Int(0);
                ReadDirectoryHistory(directory, table);
                revisions += table.Count;
                for (int i = 0; i < table.Count; i++)
                {
                    // A run records a directory's entry before the directory itself.
                    if (table.Stat(i).Kind == EntryKind.Directory && !unfinished.Contains(table.First(i)))
                    {
                        GetDirectory(directory, table.Name(i));
                    }
                }
            }

            using Statement ids = _connection.Query(
                $"SELECT {DirectoryTable.ColumnsOf("directory")}, tally.id FROM directory LEFT JOIN tally ON tally.id=directory.id");
            while (ids.Step())
            {
                DirectoryRow row = DirectoryTable.Decode(ids);
                if (ids.Int(16) != row.Id) { throw ids.Damaged("a directory has no tally"); }
                directories++;
            }

            if (_connection.Scalar("SELECT count(*) FROM revision") != revisions)
            {
                throw SqliteErrors.Damaged(_connection.Path, "revisions belong to no directory");
            }
            return new CatalogTotals(Sources().Count, Snapshots().Count, directories, revisions);
        }
        finally { _connection.Run("ROLLBACK"); }
    }
}
