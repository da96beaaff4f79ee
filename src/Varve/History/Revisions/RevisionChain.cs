using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.History.Revisions;

/// <summary>
/// Follows an entry through the catalog: under its name, and back and forth across moves of a directory above it and renames of itself.
/// A rename is found in the directories that the snapshot touched in which the entry went and came. Not thread-safe.
/// </summary>
/// <param name="catalog">The catalog.</param>
/// <param name="first">The number of the source's first snapshot, which touched every directory and before which there was nothing.</param>
internal sealed class RevisionChain(CatalogReader catalog, long first)
{
    private readonly Dictionary<long, List<RevisionRow>> _directories = [];
    private readonly HashSet<RevisionRow> _taken = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<RevisionRow, RevisionRow> _before = new(ReferenceEqualityComparer.Instance);

    /// <summary>All revisions of a name, and those that it had under other names, by their first snapshots.</summary>
    internal IReadOnlyList<RevisionRow> Of(long directory, byte[] name)
    {
        RevisionRow[] own = [.. Rows(directory).Where(r => r.Name.AsSpan().SequenceEqual(name))];
        foreach (RevisionRow row in own)
        {
            _taken.Add(row);
            FollowBack(row);
            FollowOn(row);
        }

        return [.. _taken.OrderBy(static r => r.First).ThenBy(static r => r.Last)];
    }

    /// <summary>The revision that another took the place of, under whatever name; null if it is the first, or came after a time of not
    /// being there.</summary>
    internal RevisionRow? Before(RevisionRow row) => _before.GetValueOrDefault(row);

    private void FollowBack(RevisionRow row)
    {
        while (Predecessor(row) is { } before)
        {
            _before.TryAdd(row, before);
            if (!_taken.Add(before)) { return; }
            row = before;
        }
    }

    private void FollowOn(RevisionRow row)
    {
        while (Successor(row) is { } after)
        {
            _before.TryAdd(after, row);
            if (!_taken.Add(after)) { return; }
            row = after;
        }
    }

    private RevisionRow? Predecessor(RevisionRow row) => row.First <= first ? null
        : Rows(row.Directory).Find(r => r.Last == row.First && r.HasNameOf(row)) ?? MovedFrom(row) ?? Renamed(row, row.First, isBack: true);

    private RevisionRow? Successor(RevisionRow row)
    {
        if (row.Last == long.MaxValue) { return null; }
        RevisionRow? next = Rows(row.Directory).Find(r => r.First == row.Last && r.HasNameOf(row));
        // What took the name may be another file, while this one went elsewhere.
        return next is not null && next.IsSameEntry(row) ? next : Renamed(row, row.Last, isBack: false) ?? next;
    }

    /// <summary>What came with its directory, or is a directory that was moved.</summary>
    private RevisionRow? MovedFrom(RevisionRow row)
    {
        if (row.Stat.Kind != EntryKind.Directory)
        {
            long from = catalog.OriginOf(row.Directory, row.First);
            return from == 0 ? null
                : Rows(from).Find(r => r.Last == row.First && r.Name.AsSpan().SequenceEqual(row.Name) && r.Stat.Inode == row.Stat.Inode);
        }

        if (!catalog.TryGetDirectory(row.Directory, row.Name, out DirectoryRow own)) { return null; }
        long origin = catalog.OriginOf(own.Id, row.First);
        return origin == 0 || !catalog.TryLocate(origin, out long parent, out byte[] name) ? null
            : Rows(parent).Find(r => r.Last == row.First && r.Name.AsSpan().SequenceEqual(name) && r.Stat.Inode == row.Stat.Inode);
    }

    private RevisionRow? Renamed(RevisionRow row, long snapshot, bool isBack)
    {
        foreach (long directory in catalog.Touched(snapshot))
        {
            RevisionRow? found = Rows(directory).Find(
                r => (isBack ? r.Last : r.First) == snapshot && r.IsSameEntry(row) && !r.HasNameOf(row));
            if (found is not null) { return found; }
        }

        return null;
    }

    private List<RevisionRow> Rows(long directory)
    {
        if (_directories.TryGetValue(directory, out List<RevisionRow>? known)) { return known; }
        var table = new EntryTable();
        catalog.ReadDirectoryHistory(directory, table);
        var rows = new List<RevisionRow>(table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            rows.Add(new RevisionRow(directory, table.Name(i).ToArray(), table.First(i), table.Last(i), table.Stat(i), table.Flags(i),
                table.Details(i).ToArray()));
        }

        _directories.Add(directory, rows);
        return rows;
    }
}
