using Varve.Model;

namespace Varve.Catalog;

internal sealed partial class CatalogWriter
{
    /// <summary>
    /// Ends everything in a directory that is gone (or has become something else) at snapshot <paramref name="number"/>, and below it: revisions that began there
    /// are deleted, the others closed, digests and trees cleared. The directory's own revision, in its parent, is the caller's. Costs what lived there.
    /// Returns how many entries that are no directories it ended; 0 for a directory that a killed run saw and did not come to enter: it has no row.
    /// </summary>
    public long CloseSubtree(long parent, ReadOnlySpan<byte> name, long number)
    {
        Demand();
        if (!_directories.TryGet(parent, name, out DirectoryRow top)) { return 0; } // its run was killed after its parent's rows and before its own
        var open = new Stack<(long Parent, byte[] Name, DirectoryRow Row)>();
        open.Push((parent, name.ToArray(), top));
        var table = new EntryTable();
        long ended = 0;
        while (open.TryPop(out (long Parent, byte[] Name, DirectoryRow Row) at))
        {
            _tallies.Flush();
            table.Clear();
            _revisions.ReadCurrent(at.Row.Id, table);
            for (int i = 0; i < table.Count; i++)
            {
                CloseRevision(at.Row.Id, table.Name(i), table.First(i), number);
                _unstable.Remove(at.Row.Id, table.Name(i));
                if (table.Stat(i).Kind != EntryKind.Directory) { ended++; }
            }

            if (!at.Row.Digest.IsZero || !at.Row.Tree.IsNone)
            {
                _directories.Update(at.Parent, at.Name, at.Row with { Recorded = number, Digest = default, Tree = default });
            }

            foreach ((long Parent, byte[] Name, DirectoryRow Row) child in _directories.Children(at.Row.Id))
            {
                // What has neither rows nor a digest was closed before: history is not walked again.
                if (!child.Row.Digest.IsZero || !child.Row.Tree.IsNone || HasLiveRows(child.Row.Id)) { open.Push(child); }
            }
        }

        return ended;
    }

    /// <summary>
    /// Ends what is current under a name in a directory, and all below it, at snapshot <paramref name="number"/>; nothing if there is nothing. Returns how many
    /// entries that are no directories it ended.
    /// </summary>
    public long DropEntry(long directory, ReadOnlySpan<byte> name, long number)
    {
        Demand();
        if (!_revisions.TryFindCurrent(directory, name, out long first, out EntryKind kind)) { return 0; }
        long ended = kind == EntryKind.Directory ? CloseSubtree(directory, name, number) : 1;
        CloseRevision(directory, name, first, number);
        _unstable.Remove(directory, name);
        return ended;
    }

    /// <summary>
    /// Closes directories that have current revisions though they themselves have none. A killed run leaves them when it recorded a new directory's entries, and
    /// the directory vanished before the run was taken up: no listing shows it any more.
    /// </summary>
    private void SweepOrphans(long source, long number)
    {
        _tallies.Flush();
        using Statement query = _connection.Query($"""
            SELECT {DirectoryTable.ColumnsOf("d")} FROM directory d JOIN tally t ON t.id=d.id
            WHERE d.parent>=? AND d.parent<? AND t.live>0
              AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.dir=d.parent AND r.last=0 AND r.name=d.name AND r.kind=2)
            """);
        query.Bind(1, source << CatalogSchema.SourceShift).Bind(2, (source + 1) << CatalogSchema.SourceShift);
        foreach ((long parent, byte[] name, _) in DirectoryTable.List(query)) { CloseSubtree(parent, name, number); }
    }

    private bool HasLiveRows(long directory)
    {
        bool live = _tallies.TryGetAndHold(directory, out Tally tally) && tally.Live != 0;
        _tallies.Release();
        return live;
    }
}
