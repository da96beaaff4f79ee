using Varve.Catalog;
using Varve.Detect;
using Varve.Model;
using Varve.Repositories;
using Varve.Walk;

namespace Varve.Backup;

/// <summary>What every stage of one run shares. Fixed after construction but for the pools and the root tree; thread-safe.</summary>
internal sealed class RunContext
{
    private const long LargestKept = 64 << 10;
    private const int Kept = Edges.MaxChanges;
    private readonly Stack<CatalogChanges> _changes = new(Kept); // its own lock
    private readonly Stack<ReadBatch> _batches = new(Edges.MaxBatches); // its own lock

    internal required Repository Repository { get; init; }
    internal required BackupOptions Options { get; init; }
    internal required Edges Edges { get; init; }
    internal required RunTally Tally { get; init; }
    internal required ChangeRules Rules { get; init; }
    internal required Glob[] Excludes { get; init; }

    /// <summary>The catalog's number of the snapshot in the making.</summary>
    internal required long Running { get; init; }

    /// <summary>Whether <see cref="Running"/> is a run that was killed and is taken up again.</summary>
    internal required bool Resumed { get; init; }

    /// <summary>What <see cref="CatalogReader.ReadDirectory"/> is asked with: the running snapshot when it was resumed, else 0.</summary>
    internal long ResumedNumber => Resumed ? Running : 0;

    /// <summary>Before when timestamps tell states apart.</summary>
    internal required SafeTimes Safe { get; init; }

    /// <summary>How far apart two changes must lie to surely get different timestamps on the root's file system, in nanoseconds.</summary>
    internal required long Granularity { get; init; }

    /// <summary>The source as the catalog knows it.</summary>
    internal required SourceRow Source { get; init; }

    /// <summary>The file system the root lies on.</summary>
    internal required ulong RootDevice { get; init; }

    /// <summary>Directories that must not be backed up: the repository itself and the cache.</summary>
    internal required (ulong Device, ulong Inode, string What)[] Own { get; init; }

    internal required DirectoryIds DirectoryIds { get; init; }

    /// <summary>The side store for files that change in place; null without deltas.</summary>
    internal required DeltaRun? Deltas { get; init; }

    internal LinkCache Links { get; } = new();

    /// <summary>Memory for large files: one for each worker that may fill one, and two, so that none waits for ever and chunks are under way meanwhile.</summary>
    internal required SlabPool Slabs { get; init; }

    /// <summary>Set when the pseudo directory above the root is complete.</summary>
    internal ChunkId RootTree { get; set; }

    /// <summary>Listings and catalog rows, reused.</summary>
    internal EntryTablePool Tables { get; } = new();

    internal void Return(EntryTable? table)
    {
        if (table is not null) { Tables.Return(table); }
    }

    internal CatalogChanges RentChanges(DirectoryNode node)
    {
        lock (_changes) { return (_changes.TryPop(out CatalogChanges? changes) ? changes : new CatalogChanges()).For(node); }
    }

    internal void Return(CatalogChanges changes)
    {
        if (changes.Rows.Footprint > LargestKept) { return; }
        lock (_changes)
        {
            if (_changes.Count < Kept) { _changes.Push(changes); }
        }
    }

    internal ReadBatch RentBatch(DirectoryNode node, DirectoryHandle handle)
    {
        lock (_batches) { return (_batches.TryPop(out ReadBatch? batch) ? batch : new ReadBatch()).For(node, handle); }
    }

    internal void Return(ReadBatch batch)
    {
        batch.Forget();
        lock (_batches)
        {
            if (_batches.Count < Edges.MaxBatches) { _batches.Push(batch); }
        }
    }

    /// <summary>Sends changes to the committer; an empty set goes straight back to the pool.</summary>
    internal void Commit(CatalogChanges changes)
    {
        if (changes.IsEmpty) { Return(changes); }
        else if (!Edges.Changes.Put(changes)) { throw new OperationCanceledException(); }
    }
}
