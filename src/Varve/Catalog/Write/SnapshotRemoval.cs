using Varve.Catalog.Rows;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog.Write;

/// <summary>
/// Takes single snapshots out of a catalog, in the open transaction: costs the directories that they touched. The catalog is then as if the
/// snapshot had never been, but for digests and trees of directories that are current again as they were: those are gone.
/// </summary>
internal sealed class SnapshotRemoval(CatalogTables tables, DirtyDirectories dirty)
{
    /// <summary>Distrusts what is flagged.</summary>
    internal static UnstableReason? Flagged(in EntryStat stat, EntryFlags flags, FileTime start) =>
        stat.Kind != EntryKind.File ? null : (flags & EntryFlags.Torn) != 0 ? UnstableReason.Torn
        : (flags & EntryFlags.Moving) != 0 ? UnstableReason.Moving : null;

    /// <summary>
    /// Takes out <paramref name="row"/>, one of <paramref name="all"/>, the source's by number. The last complete one goes only after a run
    /// that is unfinished, which rests on it.
    /// </summary>
    internal void Run(SnapshotRow row, IReadOnlyList<SnapshotRow> all, ReasonToDistrust distrust)
    {
        tables.Tallies.Flush();
        long next = all.FirstOrDefault(s => s.Number > row.Number)?.Number ?? long.MaxValue;
        long previous = all.LastOrDefault(s => s.Number < row.Number)?.Number ?? 0;
        List<long> touched = tables.Touched.Of(row.Number);
        ChangeMoves(row, next, touched);
        var directories = new DirectoryRemoval(tables, row.Number, next, distrust)
        {
            Previous = previous, StartOf = n => all.FirstOrDefault(s => s.Number == n)?.Start ?? row.Start,
        };
        foreach (long directory in touched)
        {
            bool isChanged = directories.Run(directory);
            ChangeDirectory(directory, row.Number, previous, next, isChanged);
        }

        DropLost(directories.Lost);
        tables.Touched.Forget(row.Number);
        tables.Snapshots.Delete(row);
    }

    private void ChangeDirectory(long directory, long number, long previous, long next, bool isChanged)
    {
        bool isThere = tables.Directories.TryLocate(directory, out long parent, out byte[] name, out DirectoryRow row);
        if (!isThere) { return; }
        if (row.Recorded == number && next == long.MaxValue)
        {
            tables.Directories.Update(parent, name, row with { Recorded = previous, Digest = default, Tree = default });
        }
        else if (row.Recorded == number)
        {
            // The next found it so, too.
            tables.Touched.Put(next, directory);
            tables.Directories.Update(parent, name, row with { Recorded = next });
        }

        if (isChanged || next == long.MaxValue) { dirty.Mark(directory); }
    }

    /// <summary>What was moved to a place in two steps has come there in one; what was moved back was not.</summary>
    private void ChangeMoves(SnapshotRow row, long next, List<long> touched)
    {
        var own = new Dictionary<long, long>();
        foreach (long directory in touched)
        {
            long origin = tables.Moves.OriginOf(directory, row.Number);
            if (origin == 0) { continue; }
            own.Add(directory, origin);
            tables.Moves.Forget(directory, row.Number);
        }

        if (next == long.MaxValue || touched.Count == 0) { return; }
        HashSet<long> changed = [.. touched], passed = [];
        foreach ((long directory, long origin) in tables.Moves.Of(row.Source, next))
        {
            if (!changed.Contains(origin)) { continue; }
            bool isOwn = own.TryGetValue(origin, out long first);
            if (isOwn) { passed.Add(origin); }
            if (isOwn && first != directory) { tables.Moves.Put(directory, next, first); }
            else if (isOwn || !HasBefore(origin, row.Number)) { tables.Moves.Forget(directory, next); }
        }

        foreach ((long directory, long origin) in own)
        {
            if (passed.Contains(directory) || !Has(directory, (first, last) => first == row.Number && last > next)) { continue; }
            tables.Moves.Put(directory, next, origin);
            tables.Touched.Put(next, directory);
        }
    }

    private bool HasBefore(long directory, long number) => Has(directory, (first, last) => first < number && last >= number);

    /// <summary>Whether a directory is one by such a revision of its entry.</summary>
    private bool Has(long directory, Func<long, long, bool> which)
    {
        if (!tables.Directories.TryLocate(directory, out long parent, out byte[] name, out _)) { return false; }
        var rows = new EntryTable();
        tables.Revisions.Read(parent, 0, static (_, _, _) => true, rows);
        for (int i = 0; i < rows.Count; i++)
        {
            bool isIt = rows.Stat(i).Kind == EntryKind.Directory && which(rows.First(i), rows.Last(i)) && rows.Name(i).SequenceEqual(name);
            if (isIt) { return true; }
        }

        return false;
    }

    private void DropLost(IReadOnlyList<(long Parent, byte[] Name)> lost)
    {
        tables.Tallies.Flush();
        var gone = new List<(long Parent, byte[] Name, long Id)>();
        foreach ((long parent, byte[] name) in lost)
        {
            if (tables.Directories.TryGet(parent, name, out DirectoryRow row)) { gone.Add((parent, name, row.Id)); }
        }

        foreach ((long parent, byte[] name, long id) in gone.OrderByDescending(static g => g.Id))
        {
            tables.Tallies.TryGetAndHold(id, out Tally tally);
            tables.Tallies.Release();
            if (tally.Total > 0 || tables.Directories.Children(id).Count > 0 || tables.Gaps.OfDirectory(id).Count > 0) { continue; }
            tables.Directories.Delete(parent, name);
            tables.Moves.ForgetAll(id);
            tables.Tallies.Drop(id);
        }
    }
}
