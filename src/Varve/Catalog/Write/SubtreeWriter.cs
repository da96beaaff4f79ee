using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Catalog.Tables;
using Varve.Model;

namespace Varve.Catalog.Write;

/// <summary>Ends in a catalog what is gone from a source. Part of a <see cref="CatalogWriter"/>, with its rules.</summary>
internal sealed class SubtreeWriter
{
    private readonly CatalogTables _tables;
    private readonly CatalogTransaction _transaction;
    private readonly RevisionWriter _revisions;

    internal SubtreeWriter(CatalogTables tables, CatalogTransaction transaction, RevisionWriter revisions)
    {
        _tables = tables;
        _transaction = transaction;
        _revisions = revisions;
    }

    /// <summary>
    /// Ends everything in a directory that is gone (or has become something else) at snapshot <paramref name="number"/>, and below it:
    /// revisions that began there are deleted, the others closed, digests and trees cleared. The directory's own revision, in its parent,
    /// is the caller's. Costs what lived there. Returns how many entries that are no directories it ended; 0 for a directory that a killed
    /// run saw and did not come to enter: it has no row.
    /// </summary>
    public long Close(long parent, ReadOnlySpan<byte> name, long number)
    {
        _transaction.Demand();
        // its run was killed after its parent's rows and before its own
        if (!_tables.Directories.TryGet(parent, name, out DirectoryRow top)) { return 0; }
        var open = new Stack<(long Parent, byte[] Name, DirectoryRow Row)>();
        open.Push((parent, name.ToArray(), top));
        var table = new EntryTable();
        long ended = 0;
        while (open.TryPop(out (long Parent, byte[] Name, DirectoryRow Row) at))
        {
            _tables.Tallies.Flush();
            table.Clear();
            _tables.Revisions.ReadCurrent(at.Row.Id, table);
            for (int i = 0; i < table.Count; i++)
            {
                _revisions.Close(at.Row.Id, table.Name(i), table.First(i), number);
                _tables.Unstable.Remove(at.Row.Id, table.Name(i));
                if (table.Stat(i).Kind != EntryKind.Directory) { ended++; }
            }

            _tables.Gaps.CloseIn(at.Row.Id, number);
            if (!at.Row.Digest.IsZero || !at.Row.Tree.IsNone)
            {
                _tables.Touched.Put(number, at.Row.Id);
                _tables.Directories.Update(at.Parent, at.Name, at.Row with { Recorded = number, Digest = default, Tree = default });
            }

            foreach ((long Parent, byte[] Name, DirectoryRow Row) child in _tables.Directories.Children(at.Row.Id))
            {
                // What has neither rows nor a digest was closed before: history is not walked again.
                if (!child.Row.Digest.IsZero || !child.Row.Tree.IsNone || HasLiveRows(child.Row.Id)) { open.Push(child); }
            }
        }

        return ended;
    }

    /// <summary>
    /// Ends what is current under a name in a directory, and all below it, at snapshot <paramref name="number"/>; nothing if there is
    /// nothing. Returns how many entries that are no directories it ended.
    /// </summary>
    public long Drop(long directory, ReadOnlySpan<byte> name, long number)
    {
        _transaction.Demand();
        if (!_tables.Revisions.TryFindCurrent(directory, name, out long first, out EntryKind kind)) { return 0; }
        long ended = kind == EntryKind.Directory ? Close(directory, name, number) : 1;
        _revisions.Close(directory, name, first, number);
        _tables.Unstable.Remove(directory, name);
        _tables.Gaps.Close(directory, name, number);
        return ended;
    }

    /// <summary>
    /// Closes directories that have current revisions though they themselves have none. A killed run leaves them when it recorded a new
    /// directory's entries, and the directory vanished before the run was taken up: no listing shows it any more.
    /// </summary>
    internal void SweepOrphans(long source, long number)
    {
        _tables.Tallies.Flush();
        using Statement query = _tables.Connection.Query($"""
            SELECT {DirectoryTable.ColumnsOf("d")} FROM directory d JOIN tally t ON t.id=d.id
            WHERE d.parent>=? AND d.parent<? AND t.live>0
              AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.dir=d.parent AND r.last=0 AND r.name=d.name AND r.kind=2)
            """);
        query.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift);
        foreach ((long parent, byte[] name, _) in DirectoryTable.List(query)) { Close(parent, name, number); }
    }

    private bool HasLiveRows(long directory)
    {
        bool live = _tables.Tallies.TryGetAndHold(directory, out Tally tally) && tally.Live != 0;
        _tables.Tallies.Release();
        return live;
    }
}
