using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;

namespace Varve.Catalog.Write;

/// <summary>Takes a whole source out of a catalog.</summary>
internal static class SourceRemoval
{
    /// <summary>Takes it out, in the open transaction.</summary>
    internal static void Run(CatalogTables tables, SourceRow source)
    {
        tables.Tallies.Flush();
        long from = source.RootDirectory, to = (source.Id + 1) << CatalogSchema.SourceShift;
        foreach (SnapshotRow row in tables.Snapshots.OfSource(source.Id))
        {
            tables.Touched.Forget(row.Number);
            tables.Snapshots.Delete(row);
        }

        foreach (string table in (ReadOnlySpan<string>)["revision", "unstable", "gap", "move"])
        {
            tables.Connection.Run($"DELETE FROM {table} WHERE dir>={from} AND dir<{to}");
        }

        tables.Connection.Run($"DELETE FROM directory WHERE parent>={from} AND parent<{to}");
        tables.Tallies.Flush();
        tables.Connection.Run($"DELETE FROM tally WHERE id>={from} AND id<{to}");
        tables.Tallies.Drop(source.Id);
        tables.Tallies.Drop(UnstableTable.TallyOf(source.Id));
        tables.Tallies.Drop(GapTable.TallyOf(source.Id));
        tables.Unstable.Forget();
        tables.Gaps.Forget();
        tables.Sources.Delete(source);
    }
}
