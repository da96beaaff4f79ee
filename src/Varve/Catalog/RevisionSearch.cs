using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Model;
using Varve.Model.Paths;

namespace Varve.Catalog;

/// <summary>
/// Searches revisions. Part of a <see cref="CatalogReader"/>, with its rules; a state that is held is one for all that the reader does.
/// </summary>
internal sealed class RevisionSearch(CatalogTables tables)
{
    private SqliteConnection Connection => tables.Connection;

    /// <summary>
    /// Streams the revisions whose name or path <paramref name="pattern"/> matches, directory by directory, in one scan over the rows. A
    /// source's root is matched by its own name if the pattern is for names. <paramref name="source"/> 0 is all sources. Do not use the
    /// reader for anything else from within the call.
    /// </summary>
    internal void Find(Glob pattern, long source, RevisionVisitor found)
    {
        (long from, long to) = Bounds(source);
        Connection.Run("BEGIN");
        try { FindIn(pattern, from, to, found); }
        finally { Release(); }
    }

    /// <summary>
    /// Begins to see one state, that of the last commit, until <see cref="Release"/>. Two readers see the same one if the
    /// <see cref="DataVersion"/> of a third, which holds none, is the same before and after both began.
    /// </summary>
    internal void Hold()
    {
        Connection.Run("BEGIN");
        Connection.Scalar("SELECT count(*) FROM meta WHERE key=''");
    }

    /// <summary>Ends what <see cref="Hold"/> began.</summary>
    internal void Release() => Connection.Run("ROLLBACK");

    /// <summary>Changes when another connection has committed; for a reader that holds no state.</summary>
    internal long DataVersion => Connection.Scalar("PRAGMA data_version");

    /// <summary>
    /// Cuts a source's directories into ranges with about so many revisions each, or more: where each begins, and where the last ends.
    /// </summary>
    internal IReadOnlyList<long> Cuts(long source, long rows)
    {
        (long from, long to) = Bounds(source);
        var cuts = new List<long> { from };
        long seen = 0;
        using Statement tallies = Connection.Query("SELECT id, total FROM tally WHERE id>=? AND id<? ORDER BY id");
        tallies.Bind(1, from).Bind(2, to);
        while (tallies.Step())
        {
            if (seen >= rows)
            {
                cuts.Add(tallies.Int(0));
                seen = 0;
            }

            seen += tallies.Int(1);
        }

        cuts.Add(to);
        return cuts;
    }

    private static (long From, long To) Bounds(long source) =>
        (Math.Max(source << CatalogSchema.SourceShift, CatalogSchema.FirstDirectory),
            source == 0 ? long.MaxValue : (source + 1) << CatalogSchema.SourceShift);

    /// <summary>
    /// What <see cref="Find"/> does, in directories from one number up to, not including, another, for who holds a state.
    /// </summary>
    internal void FindIn(Glob pattern, long from, long to, RevisionVisitor found)
    {
        using Statement rows = Connection.Query(
            $"SELECT {RevisionTable.AllColumns}, dir FROM revision WHERE dir>=? AND dir<? ORDER BY dir, last, name, first");
        long directory = 0, scanned = 0;
        Tally seen = default, expected = default;
        byte[] path = new byte[4096];
        int prefix = -1;
        rows.Bind(1, from).Bind(2, to);
        while (rows.Step())
        {
            scanned++;
            if (rows.Int(17) != directory)
            {
                if (seen != expected) { throw rows.Damaged("rows of a directory are missing or too many"); }
                directory = rows.Int(17);
                prefix = -1;
                seen = default;
                tables.Tallies.TryGetAndHold(directory, out expected);
                tables.Tallies.Release();
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
        long total = Connection.Scalar($"SELECT sum(total) FROM tally WHERE id>={from} AND id<{to}");
        if (seen != expected || scanned != total)
        {
            throw SqliteErrors.Damaged(Connection.Path, "rows of a directory are missing or too many");
        }
    }

    /// <summary>Writes a directory's path with a slash at its end (the root's is empty); its length.</summary>
    private int Prefix(long directory, ref byte[] path)
    {
        byte[] own = tables.Directories.PathOf(directory);
        if (own.Length == 0) { return 0; }
        if (own.Length >= path.Length) { Array.Resize(ref path, 2 * own.Length + 1); }
        own.CopyTo(path, 0);
        path[own.Length] = (byte)'/';
        return own.Length + 1;
    }
}
