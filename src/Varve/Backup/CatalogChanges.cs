using Varve.Catalog;
using Varve.Model;

namespace Varve.Backup;

/// <summary>
/// What one directory, or one batch of its files, changes in the catalog. Filled by a walker or worker, applied by the committer, then reused.
/// Not thread-safe: it has one owner at a time.
/// </summary>
internal sealed class CatalogChanges
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
        /// <summary>Whatever is current under that name by now, and all below it, ends with N.</summary>
        Drop,
        /// <summary>The file goes on the list of unstable files, or stays there; <see cref="Change.First"/> is the reason.</summary>
        Unstable,
        /// <summary>The file leaves the list, if it is on it.</summary>
        Settled,
    }

    /// <summary>One change; <see cref="Row"/> indexes <see cref="Rows"/>, <see cref="First"/> is the key of an existing row.</summary>
    internal readonly record struct Change(Kind Kind, int Row, long First);

    internal List<Change> Changes { get; } = [];

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
        Changes.Add(new Change(kind, Rows.Add(table.Name(i), in table.Stat(i), table.Details(i), table.Flags(i)), first));

    /// <summary>The entry is now as row <paramref name="i"/> of <paramref name="now"/>; <paramref name="k"/> is what was known of it, or -1.</summary>
    internal void Set(EntryTable now, int i, EntryTable? known, int k, long running)
    {
        if (k >= 0 && known!.Last(k) != running) { Add(Kind.Close, known, k, known.First(k)); }
        Add(Kind.Insert, now, i, running);
    }

    /// <summary>How the file was read decides about its place on the list of unstable files.</summary>
    internal void Note(EntryTable table, int i, Stillness stillness)
    {
        Kind kind = stillness == Stillness.Stable ? Kind.Settled : Kind.Unstable;
        var reason = stillness == Stillness.Torn ? UnstableReason.Torn : UnstableReason.Moving;
        Changes.Add(new Change(kind, Rows.Add(table.Name(i), in table.Stat(i)), (long)reason));
    }

    /// <summary>The entry is as it was known.</summary>
    internal void Keep(EntryTable known, int k, long running)
    {
        if (known.Last(k) == running) { Add(Kind.Reopen, known, k, known.First(k)); }
    }

    /// <summary>The entry is no longer there, or could not be saved.</summary>
    internal void Remove(EntryTable known, int k, long running)
    {
        if (known.Stat(k).Kind == EntryKind.Directory) { Add(Kind.CloseSubtree, known, k, known.First(k)); }
        if (known.Last(k) == running) { return; }
        Add(Kind.Close, known, k, known.First(k));
    }

    internal bool IsEmpty => Changes.Count == 0 && !IsComplete && !IsDiscovery && Origin == 0;
}
