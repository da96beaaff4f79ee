using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Model;
using Varve.Model.Paths;

namespace Varve.Catalog;

internal sealed partial class CatalogReader
{
    /// <summary>
    /// Streams the revisions whose name or path <paramref name="pattern"/> matches, directory by directory, in one scan over the rows. A
    /// source's root is matched by its own name if the pattern is for names. <paramref name="source"/> 0 is all sources. Do not use the
    /// reader for anything else from within the call.
    /// </summary>
    public void FindRevisions(Glob pattern, long source, RevisionVisitor found)
    {
        _connection.Run("BEGIN");
        try { Find(pattern, source, found); }
        finally { _connection.Run("ROLLBACK"); }
    }

    /// <summary>
    /// Whether no revision of a name outlives one that ended with snapshot <paramref name="last"/>; false for one that is current.
    /// </summary>
    public bool IsLast(long directory, ReadOnlySpan<byte> name, long last) =>
        last != long.MaxValue && !_tables.Revisions.HasLater(directory, name, last);

    private void Find(Glob pattern, long source, RevisionVisitor found)
    {
        using Statement rows = _connection.Query(
            $"SELECT {RevisionTable.AllColumns}, dir FROM revision WHERE dir>=? AND dir<? ORDER BY dir, last, name, first");
        long end = source == 0 ? long.MaxValue : (source + 1) << CatalogSchema.SourceShift;
        long directory = 0, scanned = 0;
        Tally seen = default, expected = default;
        byte[] path = new byte[4096];
        int prefix = -1;
        rows.Bind(1, source << CatalogSchema.SourceShift).Bind(2, end);
        while (rows.Step())
        {
            scanned++;
            if (rows.Int(17) != directory)
            {
                if (seen != expected) { throw rows.Damaged("rows of a directory are missing or too many"); }
                directory = rows.Int(17);
                prefix = -1;
                seen = default;
                _tables.Tallies.TryGetAndHold(directory, out expected);
                _tables.Tallies.Release();
            }

            int sum = RevisionTable.Decode(rows, directory, out EntryStat stat, out long first, out long last, out EntryFlags flags);
            seen = seen.Plus(Tally.Of(sum, last == 0));
            ReadOnlySpan<byte> name = rows.Blob(1);
            if (pattern.IsNameOnly && !pattern.IsNameMatch(name)) { continue; }
            if (pattern.DirectoriesOnly && stat.Kind != EntryKind.Directory) { continue; }
            if (prefix < 0) { prefix = Prefix(directory, ref path); }
            bool isRoot = (directory & (CatalogSchema.FirstDirectory - 1)) == 0;
            int length = isRoot ? 0 : prefix + name.Length;
            if (length > path.Length) { Array.Resize(ref path, 2 * length); }
            if (!isRoot) { name.CopyTo(path.AsSpan(prefix)); }
            if (!pattern.IsNameOnly && !pattern.IsMatch(path.AsSpan(0, length))) { continue; }
            var revision = new MatchedRevision
            {
                Source = directory >> CatalogSchema.SourceShift, Directory = directory, Name = name, Path = path.AsSpan(0, length),
                First = first,
                Last = last == 0 ? long.MaxValue : last, Stat = stat, Flags = flags, Details = rows.Blob(15),
            };
            if (!found(revision)) { return; }
        }

        // The last directory's rows, and directories of which no row was left to be scanned.
        long begin = Math.Max(source << CatalogSchema.SourceShift, CatalogSchema.FirstDirectory);
        long total = _connection.Scalar($"SELECT sum(total) FROM tally WHERE id>={begin} AND id<{end}");
        if (seen != expected || scanned != total)
        {
            throw SqliteErrors.Damaged(_connection.Path, "rows of a directory are missing or too many");
        }
    }

    /// <summary>Writes a directory's path with a slash at its end (the root's is empty); its length.</summary>
    private int Prefix(long directory, ref byte[] path)
    {
        byte[] own = _tables.Directories.PathOf(directory);
        if (own.Length == 0) { return 0; }
        if (own.Length >= path.Length) { Array.Resize(ref path, 2 * own.Length + 1); }
        own.CopyTo(path, 0);
        path[own.Length] = (byte)'/';
        return own.Length + 1;
    }
}
