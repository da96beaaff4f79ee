using Varve.Backup.Run;
using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.Backup.Commit;

/// <summary>
/// What one directory, or one batch of its files, changes in the catalog. Filled by a walker or worker, applied by the committer, then
/// reused. Not thread-safe: it has one owner at a time.
/// </summary>
/// <param name="running">The number of the running snapshot.</param>
internal sealed class CatalogChanges(long running)
{
    /// <summary>What to do with a row. A row's key is (directory, name, first snapshot); N is the running snapshot.</summary>
    internal enum Kind : byte
    {
        /// <summary>New row from N on.</summary>
        Insert,
        /// <summary>The row ends with N; one that began with N, in a run that was killed, goes.</summary>
        Close,
        /// <summary>The interrupted run had ended the row, but the entry is there after all.</summary>
        Reopen,
        /// <summary>All below a directory ends with N.</summary>
        CloseSubtree,
        /// <summary>
        /// N has not seen the entry, and it is not known to be gone: what was known of it before stands, and all below it.
        /// <see cref="RowChange.First"/> is the kind of the gap.
        /// </summary>
        Miss,
        /// <summary>N has seen an entry again that snapshots before it had not, or found it gone.</summary>
        SeenAgain,
        /// <summary>The file goes on the list of unstable files, or stays there; <see cref="RowChange.First"/> is the reason.</summary>
        Unstable,
        /// <summary>The file leaves the list, if it is on it.</summary>
        Settled,
    }

    /// <summary>One change; <see cref="Row"/> indexes <see cref="Rows"/>, <see cref="First"/> is the key of an existing row.</summary>
    internal readonly record struct RowChange(Kind Kind, int Row, long First);

    internal List<RowChange> Changes { get; } = [];

    /// <summary>Names, stats and details of the changed rows.</summary>
    internal EntryTable Rows { get; } = new();

    /// <summary>The directory the rows belong to.</summary>
    internal DirectoryNode Node { get; private set; } = null!;

    /// <summary>The directory is complete: its digest and tree go to the catalog too.</summary>
    internal bool IsComplete { get; set; }

    /// <summary>The directory is new: its row comes before those of its entries.</summary>
    internal bool IsDiscovery { get; set; }

    /// <summary>What the directory was before it was moved, or 0.</summary>
    internal long Origin { get; set; }

    /// <summary>Of a complete directory: its row.</summary>
    internal DirectoryRow Directory { get; set; }

    /// <summary>No changes: whoever sent it waits until all that was sent before is durable, and can be read.</summary>
    internal ManualResetEventSlim? Durable { get; init; }

    internal bool IsEmpty => Changes.Count == 0 && !IsComplete && !IsDiscovery && Origin == 0;

    internal CatalogChanges For(DirectoryNode node)
    {
        Changes.Clear();
        Rows.Clear();
        Node = node;
        IsComplete = false;
        IsDiscovery = false;
        Origin = 0;
        return this;
    }

    internal void Add(Kind kind, EntryTable table, int i, long first) =>
        Changes.Add(new RowChange(kind, Rows.Add(table.Name(i), in table.Stat(i), table.Details(i), table.Flags(i)), first));

    /// <summary>
    /// Whether the running snapshot, in an earlier pass or before it was killed, recorded a row of what is known of the directory.
    /// </summary>
    internal bool IsOfThisRun(int known) => known >= 0 && Node.Known!.First(known) == running;

    /// <summary>
    /// Entry <paramref name="now"/> of the directory's listing is as it is there; <paramref name="known"/> is the row of what was known of
    /// it, or -1.
    /// </summary>
    internal void Set(int now, int known)
    {
        if (known >= 0 && Node.Known!.Last(known) != running) { Add(Kind.Close, Node.Known, known, Node.Known.First(known)); }
        Add(Kind.Insert, Node.Listing, now, running);
    }

    /// <summary>How the file was read decides about its place on the list of unstable files.</summary>
    internal void Note(int now, Stability stability)
    {
        // What lacks an attribute held still: its flag has it looked at again.
        Kind kind = stability is Stability.Stable or Stability.Incomplete ? Kind.Settled : Kind.Unstable;
        UnstableReason reason = stability switch
        {
            Stability.Torn => UnstableReason.Torn,
            Stability.LengthUnknown => UnstableReason.LengthUnknown,
            _ => UnstableReason.Moving,
        };
        Changes.Add(new RowChange(kind, Rows.Add(Node.Listing.Name(now), in Node.Listing.Stat(now)), (long)reason));
    }

    /// <summary>The entry is as it was known.</summary>
    internal void Keep(int known)
    {
        EntryTable rows = Node.Known!;
        if (rows.Last(known) == running) { Add(Kind.Reopen, rows, known, rows.First(known)); }
    }

    /// <summary>
    /// An entry could not be saved: it is not in the snapshot, and not gone. Whether there is something to keep is the committer's to find:
    /// what this run sent it before, a reader does not see yet.
    /// </summary>
    internal void Miss(EntryTable table, int i, GapKind kind = GapKind.Failed) => Add(Kind.Miss, table, i, (long)kind);

    /// <summary>The entry is there: if snapshots before this had not seen it, that is over.</summary>
    internal void See(int now)
    {
        if (HasGap(Node.Listing.Name(now))) { Add(Kind.SeenAgain, Node.Listing, now, 0); }
    }

    /// <summary>Whether the snapshots before this had not seen an entry.</summary>
    internal bool HasGap(ReadOnlySpan<byte> name)
    {
        foreach (GapRow row in Node.Gaps ?? [])
        {
            if (name.SequenceEqual(row.Name)) { return true; }
        }

        return false;
    }

    /// <summary>The entry is no longer there, or not wanted. Nothing to do if it was not known (-1).</summary>
    internal void Remove(int known)
    {
        if (known < 0) { return; }
        EntryTable rows = Node.Known!;
        if (HasGap(rows.Name(known))) { Add(Kind.SeenAgain, rows, known, 0); }
        if (rows.Stat(known).Kind == EntryKind.Directory) { Add(Kind.CloseSubtree, rows, known, rows.First(known)); }
        if (rows.Last(known) == running) { return; }
        Add(Kind.Close, rows, known, rows.First(known));
    }
}
