using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.Catalog.Tables;

/// <summary>
/// A source whose root was moved, and that goes on at the new place: its root has another name there, and is the same entry. So it is
/// neither gone nor new, and nothing below it is.
/// </summary>
internal static class RootRename
{
    /// <summary>Renames what the catalog has under the old name; in the transaction that changes the source's row.</summary>
    internal static void Run(CatalogTables tables, SourceRow old, SourceRow now)
    {
        byte[] from = old.RootName, to = now.RootName;
        if (from.AsSpan().SequenceEqual(to)) { return; }
        long directory = old.RootDirectory;
        tables.Tallies.Flush();
        var states = new EntryTable();
        tables.Revisions.Read(directory, 0, static (_, _, _) => true, states);
        for (int i = 0; i < states.Count; i++)
        {
            long last = states.Last(i) == long.MaxValue ? 0 : states.Last(i);
            tables.Revisions.Delete(directory, last, from, states.First(i));
            tables.Revisions.Insert(directory, last, to, states.First(i), states.Stat(i), states.Flags(i), states.Details(i));
        }

        tables.Directories.Rename(directory, from, to);
        tables.Unstable.Rename(directory, from, to);
        tables.Gaps.Rename(directory, from, to);
    }
}
