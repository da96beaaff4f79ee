using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Restore;

/// <summary>
/// A part of the restore that is planned together: some thousand files, and which piece of which block goes where, so that a block is fetched and decoded once for
/// all files of the window. Filled by the planner, then read by workers; reused, so that it allocates nothing once it has grown. Bounds memory whatever the size of the snapshot.
/// </summary>
internal sealed class RestoreWindow
{
    /// <summary>Files and bytes at which a window is full.</summary>
    internal const int MaxFiles = 8192;

    /// <inheritdoc cref="MaxFiles"/>
    internal const long MaxBytes = 128 << 20;

    /// <summary>Files without data, which need no block, are handed out in runs of so many.</summary>
    private const int MaxBare = 256;

    /// <summary>
    /// A slice of a block that is the whole of a small file (<see cref="File"/> indexes <see cref="Small"/>), or a part of a large one, and the chunk that it is a slice of.
    /// <see cref="Next"/> is the next piece of the same run, or -1.
    /// </summary>
    internal record struct Piece(int Next, uint Offset, int Length, int File, LargeFile? Large, long FileOffset, ChunkId Chunk, uint ChunkOffset, uint ChunkLength);

    /// <summary>The pieces of one block, in the order of planning; or files without data.</summary>
    internal struct Run
    {
        internal bool HasBlock;
        internal BlockLocation Block;
        internal int First, Last, Count;
    }

    private readonly Dictionary<(ObjectName Pack, uint Number), int> _runOf = [];
    private readonly List<Piece> _pieces = [];
    private readonly List<Run> _runs = [];
    private readonly List<int> _order = [];
    private readonly Comparison<int> _byPlace;

    // The run of the latest piece with data, and of the latest without: mostly the next one's too.
    private int _latest = -1, _bare = -1;

    internal RestoreWindow() => _byPlace = ComparePlaces;

    /// <summary>Names, stats and details of the small files.</summary>
    internal EntryTable Small { get; } = new();

    /// <summary>The directory of each small file; a reference is held until it is written.</summary>
    internal List<TargetDirectory> Directories { get; } = [];

    internal ReadOnlySpan<Piece> Pieces => CollectionsMarshal.AsSpan(_pieces);

    internal ReadOnlySpan<Run> Runs => CollectionsMarshal.AsSpan(_runs);

    /// <summary>Runs that workers have not finished; set when the window is sent off.</summary>
    internal int Unfinished;

    /// <summary>How many files or pieces it takes this time: at most <see cref="MaxFiles"/>.</summary>
    internal int Limit { get; set; } = MaxFiles;

    internal long Bytes { get; private set; }

    internal bool IsEmpty => _pieces.Count == 0;

    internal bool IsFull => _pieces.Count >= Limit || Bytes >= MaxBytes;

    /// <summary>A file that is one slice of one chunk.</summary>
    internal void AddSmall(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details, in Extent extent, in ChunkLocation chunk)
    {
        int file = Small.Add(name, in stat, details);
        Directories.Add(directory);
        Add(RunOf(chunk.Block), new Piece(-1, chunk.Offset + extent.Offset, (int)extent.Length, file, null, 0, extent.Chunk, chunk.Offset, chunk.Length));
    }

    /// <summary>A file that has no data at all.</summary>
    internal void AddBare(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        int file = Small.Add(name, in stat, details);
        Directories.Add(directory);
        if (_bare < 0 || _runs[_bare].Count >= MaxBare) { _bare = NewRun(hasBlock: false, default); }
        Add(_bare, new Piece(-1, 0, 0, file, null, 0, default, 0, 0));
    }

    /// <summary>A slice of a large file.</summary>
    internal void AddPart(LargeFile file, in Extent extent, in ChunkLocation chunk, long fileOffset) =>
        Add(RunOf(chunk.Block), new Piece(-1, chunk.Offset + extent.Offset, (int)extent.Length, -1, file, fileOffset, extent.Chunk, chunk.Offset, chunk.Length));

    /// <summary>The runs ordered by pack and block, so that reading is sequential.</summary>
    internal List<int> Arrange()
    {
        _order.Clear();
        for (int i = 0; i < _runs.Count; i++) { _order.Add(i); }
        CollectionsMarshal.AsSpan(_order).Sort(_byPlace);
        return _order;
    }

    internal void Clear()
    {
        _runOf.Clear();
        Small.Clear();
        Directories.Clear();
        _pieces.Clear();
        _runs.Clear();
        _latest = _bare = -1;
        Bytes = 0;
    }

    private void Add(int run, in Piece piece)
    {
        int index = _pieces.Count;
        _pieces.Add(piece);
        ref Run to = ref CollectionsMarshal.AsSpan(_runs)[run];
        if (to.Count++ == 0) { to.First = index; }
        else { CollectionsMarshal.AsSpan(_pieces)[to.Last].Next = index; }
        to.Last = index;
        Bytes += piece.Length;
    }

    private int RunOf(in BlockLocation block)
    {
        if (_latest >= 0)
        {
            ref readonly BlockLocation latest = ref CollectionsMarshal.AsSpan(_runs)[_latest].Block;
            if (latest.Number == block.Number && latest.Pack == block.Pack) { return _latest; }
        }

        if (!_runOf.TryGetValue((block.Pack, block.Number), out int run))
        {
            run = NewRun(hasBlock: true, in block);
            _runOf[(block.Pack, block.Number)] = run;
        }

        _latest = run;
        return run;
    }

    private int NewRun(bool hasBlock, in BlockLocation block)
    {
        _runs.Add(new Run { HasBlock = hasBlock, Block = block, First = -1, Last = -1 });
        return _runs.Count - 1;
    }

    private int ComparePlaces(int x, int y)
    {
        ReadOnlySpan<Run> runs = Runs;
        int c = runs[x].Block.Pack.CompareTo(runs[y].Block.Pack);
        return c != 0 ? c : runs[x].Block.Number.CompareTo(runs[y].Block.Number);
    }
}
