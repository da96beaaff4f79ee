using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.Tests.Catalog;

/// <summary>Questions to a catalog that a test asks and the program does not.</summary>
internal static class CatalogReads
{
    /// <summary>The source's last snapshot that is complete and not partial: what confirmed every state that is still current.</summary>
    internal static SnapshotRow? LatestWhole(this CatalogReader reader, long source) =>
        reader.Snapshots(source).LastOrDefault(s => s.State == SnapshotState.Complete && !s.IsPartial);

    /// <summary>The source's running or committing snapshot; null if it has none.</summary>
    internal static SnapshotRow? Unfinished(this CatalogReader reader, long source) =>
        reader.Snapshots(source).FirstOrDefault(s => s.State != SnapshotState.Complete);

    /// <summary>
    /// Fills <paramref name="into"/> with the revisions of a directory that snapshot <paramref name="number"/> has, sorted by name.
    /// </summary>
    internal static void ReadDirectoryAt(this CatalogReader reader, long directory, long number, EntryTable into)
    {
        var all = new EntryTable();
        reader.ReadDirectoryHistory(directory, all);
        into.Clear();
        for (int i = 0; i < all.Count; i++)
        {
            if (all.First(i) > number || all.Last(i) <= number) { continue; }
            into.Add(all.Name(i), all.Stat(i), all.Details(i), all.Flags(i), all.First(i), all.Last(i));
        }
    }
}
