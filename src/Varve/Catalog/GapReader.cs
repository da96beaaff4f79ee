using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;

namespace Varve.Catalog;

/// <summary>
/// Reads what snapshots have not seen, though it was not found to be gone. Part of a <see cref="CatalogReader"/>, with its rules.
/// </summary>
internal sealed class GapReader(CatalogTables tables)
{
    /// <summary>All gaps of a source.</summary>
    public IReadOnlyList<GapRow> OfSource(long source) => tables.Gaps.OfSource(source);

    /// <summary>Whether a source has any.</summary>
    public bool Any(long source)
    {
        long from = source << CatalogSchema.SourceShift, to = (source + 1) << CatalogSchema.SourceShift;
        return tables.Connection.Scalar($"SELECT EXISTS(SELECT 1 FROM gap WHERE dir>={from} AND dir<{to})") != 0;
    }

    /// <summary>
    /// The gaps in a directory that were open when snapshot <paramref name="running"/> began (0: that are open), whatever of it was
    /// committed since; null if there are none.
    /// </summary>
    public IReadOnlyList<GapRow>? OpenIn(long directory, long running)
    {
        List<GapRow> rows = tables.Gaps.OfDirectory(directory).FindAll(g => IsOpen(g, running));
        return rows.Count == 0 ? null : rows;
    }

    /// <summary>What lies below a directory that is current, by the directories' own counts.</summary>
    public DirectoryCounts CountBelow(long parent, ReadOnlySpan<byte> name)
    {
        DirectoryCounts all = default;
        var open = new Stack<DirectoryRow>();
        if (tables.Directories.TryGet(parent, name, out DirectoryRow top)) { open.Push(top); }
        while (open.TryPop(out DirectoryRow row))
        {
            DirectoryCounts own = row.Counts;
            all = new DirectoryCounts(all.Files + own.Files, all.Directories + own.Directories, all.Symlinks + own.Symlinks,
                all.Others + own.Others, all.Bytes + own.Bytes);
            // What is gone has no tree.
            foreach ((_, _, DirectoryRow child) in tables.Directories.Children(row.Id)) { if (!child.Tree.IsNone) { open.Push(child); } }
        }

        return all;
    }

    /// <summary>
    /// The entry of a source at a path below its root (the root for none), by the directory it is in and its name; false if a directory on
    /// the way was never there.
    /// </summary>
    public bool TryFindPlace(SourceRow source, ReadOnlySpan<byte> path, out long directory, out byte[] name)
    {
        (directory, name) = (source.RootDirectory, source.RootName);
        while (!path.IsEmpty)
        {
            if (!tables.Directories.TryGet(directory, name, out DirectoryRow row)) { return false; }
            int slash = path.IndexOf((byte)'/');
            (directory, name) = (row.Id, (slash < 0 ? path : path[..slash]).ToArray());
            path = slash < 0 ? [] : path[(slash + 1)..];
        }

        return true;
    }

    /// <summary>The gaps of one name.</summary>
    public IReadOnlyList<GapRow> Of(long directory, ReadOnlySpan<byte> name) => tables.Gaps.OfName(directory, name);

    /// <summary>
    /// The first snapshot of the oldest gap that is open in a directory or above it; 0 if there is none. As <see cref="OpenIn"/> has it.
    /// </summary>
    public long OldestAt(long directory, long running)
    {
        long oldest = 0;
        Note(tables.Gaps.OfDirectory(directory));
        for (long at = directory; tables.Directories.TryLocate(at, out long parent, out byte[] name, out _); at = parent)
        {
            Note(tables.Gaps.OfName(parent, name));
        }

        return oldest;

        void Note(List<GapRow> rows)
        {
            foreach (GapRow row in rows)
            {
                if (IsOpen(row, running) && (oldest == 0 || row.First < oldest)) { oldest = row.First; }
            }
        }
    }

    private static bool IsOpen(GapRow row, long running) => row.Last == long.MaxValue || (running != 0 && row.Last == running);
}
