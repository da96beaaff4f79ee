using Varve.Catalog;
using Varve.Detect;
using Varve.Model;
using Varve.Repositories;
using Varve.Walk;

namespace Varve.Backup;

/// <summary>What every stage of one run shares. Fixed after construction but for the pools and the root tree; thread-safe.</summary>
internal sealed class RunContext
{
    /// <summary>The kernel writes out what is dirty within 35 s, unless told otherwise; and few write calls take longer than a minute.</summary>
    internal const long RecentNanoseconds = 60_000_000_000;

    // What is idle, in bytes. How many are in use is bounded by their edge.
    private const long MaxIdleChanges = 8 << 20;

    private readonly BoundedPool<CatalogChanges> _changes = new(static () => new CatalogChanges(), static c => c.Rows.Footprint, MaxIdleChanges);
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

    /// <summary>Which files this pass reads; null: all of them.</summary>
    internal Intake? Intake { get; init; }

    /// <summary>Whether directories that were moved are looked for: there is a state before, and inode numbers mean something.</summary>
    internal required bool FindMoves { get; init; }

    /// <summary>Before when timestamps tell states apart.</summary>
    internal required SafeTimes Safe { get; init; }

    /// <summary>How far apart two changes must lie to surely get different timestamps on the root's file system, in nanoseconds.</summary>
    internal required long Granularity { get; init; }

    /// <summary>When the run began: of a resumed one, the first.</summary>
    internal required FileTime Start { get; init; }

    /// <summary>What was changed after this has to be proved still before it is read (decision 0022).</summary>
    internal required FileTime RecentAfter { get; init; }

    /// <summary>Files that are read again whatever their stat says.</summary>
    internal required UnstableSet Unstable { get; init; }

    /// <summary>Whether a file is one of them, where it stands or where it stood before its directory was moved.</summary>
    internal bool IsListed(DirectoryNode node, ReadOnlySpan<byte> name) =>
        Unstable.Contains(node.Id, name) || (node.MovedFrom != 0 && Unstable.Contains(node.MovedFrom, name));

    internal required Spool Spool { get; init; }

    /// <summary>The source as the catalog knows it.</summary>
    internal required SourceRow Source { get; init; }

    /// <summary>The file system the root lies on.</summary>
    internal required ulong RootDevice { get; init; }

    /// <summary>Directories that must not be backed up: the repository itself, the cache, and where snapshots are mounted.</summary>
    internal required OwnDirectory[] Own { get; init; }

    internal required DirectoryIds DirectoryIds { get; init; }

    /// <summary>The side store for files that change in place; null without deltas.</summary>
    internal required DeltaRun? Deltas { get; init; }

    internal required LinkCache Links { get; init; }

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

    internal CatalogChanges RentChanges(DirectoryNode node) => _changes.Rent().For(node);

    internal void Return(CatalogChanges changes) => _changes.Return(changes);

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
