using System.Collections.Concurrent;
using Varve.Detect;
using Varve.Model;
using Varve.Repositories;

namespace Varve.Backup;

/// <summary>What every stage of one run shares. Fixed after construction but for the pools and the root tree; thread-safe.</summary>
internal sealed class RunContext
{
    private const long PooledTableBytes = 1 << 20;
    private readonly ConcurrentBag<EntryTable> _tables = [];
    private readonly ConcurrentBag<CatalogChanges> _changes = [];

    internal required Repository Repository { get; init; }
    internal required BackupOptions Options { get; init; }
    internal required Edges Edges { get; init; }
    internal required RunTally Tally { get; init; }
    internal required ChangeRules Rules { get; init; }
    internal required IReadOnlyList<Glob> Excludes { get; init; }

    /// <summary>The catalog's number of the snapshot in the making.</summary>
    internal required long Running { get; init; }

    /// <summary>Known states older than this are told from new ones by their timestamps: rows of complete snapshots.</summary>
    internal required FileTime SafeBefore { get; init; }

    /// <summary>The same for rows of this snapshot's interrupted run.</summary>
    internal required FileTime SafeBeforeRunning { get; init; }

    /// <summary>The file system the root lies on.</summary>
    internal required ulong RootDevice { get; init; }

    /// <summary>Directories that must not be backed up: the repository itself and the cache.</summary>
    internal required IReadOnlyList<(ulong Device, ulong Inode, string What)> Own { get; init; }

    internal required Func<long> AllocateDirectoryId { get; init; }

    internal LinkCache Links { get; } = new();

    /// <summary>Set when the pseudo directory above the root is complete.</summary>
    internal ChunkId RootTree { get; set; }

    internal EntryTable RentTable() => _tables.TryTake(out EntryTable? table) ? table : new EntryTable();

    internal void Return(EntryTable? table)
    {
        if (table is null || table.Footprint > PooledTableBytes || _tables.Count > 64) { return; }
        table.Clear();
        _tables.Add(table);
    }

    internal CatalogChanges RentChanges(DirectoryNode node) =>
        (_changes.TryTake(out CatalogChanges? changes) ? changes : new CatalogChanges()).For(node);

    internal void Return(CatalogChanges changes)
    {
        if (changes.Rows.Footprint <= PooledTableBytes && _changes.Count <= 64) { _changes.Add(changes); }
    }

    /// <summary>Sends changes to the committer; an empty set goes straight back to the pool.</summary>
    internal void Commit(CatalogChanges changes)
    {
        if (changes.IsEmpty) { Return(changes); }
        else if (!Edges.Changes.Put(changes)) { throw new OperationCanceledException(); }
    }
}
