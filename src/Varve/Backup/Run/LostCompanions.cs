using Varve.Model;
using Varve.Model.Bytes;
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
    /// Whether the run that saved entry <paramref name="now"/>, as row <paramref name="known"/> has it, saved a companion with it that is
    /// not there any more: then the entry cannot stand as it was saved.
    /// </summary>
    internal static bool HasLost(FileGroups groups, DirectoryNode node, int now, int known)
    {
        (EntryTable listing, long running) = (node.Listing, node.Known!.First(known));
        return FindOther(groups, node.Known, listing.Name(now), (rows, k) => rows.Stat(k).Kind == EntryKind.File
            && rows.First(k) == running && rows.Last(k) == long.MaxValue && listing.Find(rows.Name(k)) < 0);
    }

    private static bool FindOther(FileGroups groups, EntryTable entries, ReadOnlySpan<byte> name, Func<EntryTable, int, bool> counts)
    {
        var names = new ByteWriter();
        List<int> ends = [];
        groups.AddCompanions(name, names, ends);
        int start = 0;
        foreach (int end in ends)
        {
            int other = entries.Find(names.Written[start..end]);
            if (other >= 0 && counts(entries, other)) { return true; }
            start = end;
        }

        return false;
    }
}
