using Varve.Model;
using Varve.Model.Paths;

namespace Varve.Backup.Run;

/// <summary>
/// Files that belong together and were saved by an earlier visit of the same run: what was saved of one holds only beside what was saved of
/// the others. A journal of one moment beside its database of a later one rolls back what was never undone. Stateless, thread-safe.
/// </summary>
internal static class LostCompanions
{
    /// <summary>Whether a directory has another file of the group that <paramref name="name"/> is of.</summary>
    internal static bool HasOther(FileGroups groups, EntryTable entries, ReadOnlySpan<byte> name) =>
        FindOther(groups, entries, name, static (table, i) => table.Stat(i).Kind == EntryKind.File);

    /// <summary>
    /// Whether the visit before saved entry <paramref name="now"/> together with a file that is not there any more: then the entry cannot
    /// stand as it was saved. <paramref name="running"/> is the number of the run.
    /// </summary>
    internal static bool HasLost(FileGroups groups, DirectoryNode node, int now, long running)
    {
        EntryTable listing = node.Listing;
        return FindOther(groups, node.Known!, listing.Name(now), (known, k) => known.Stat(k).Kind == EntryKind.File
            && known.First(k) == running && known.Last(k) == long.MaxValue && listing.Find(known.Name(k)) < 0);
    }

    private static bool FindOther(FileGroups groups, EntryTable entries, ReadOnlySpan<byte> name, Func<EntryTable, int, bool> counts)
    {
        foreach (byte[][] endings in groups.All)
        {
            foreach (byte[] own in endings)
            {
                ReadOnlySpan<byte> stem = FileGroups.Stem(name, own);
                if (stem.IsEmpty) { continue; }
                foreach (byte[] ending in endings)
                {
                    if (ending == own) { continue; }
                    int other = entries.Find([.. stem, .. ending]);
                    if (other >= 0 && counts(entries, other)) { return true; }
                }
            }
        }

        return false;
    }
}
