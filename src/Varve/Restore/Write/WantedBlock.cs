using System.Runtime.InteropServices;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Restore.Target;

namespace Varve.Restore.Write;

/// <summary>
/// What one block is decoded for: its slices, and where each of them goes. Or files without data, which need no block. Filled by the
/// planner while it waits in the <see cref="RestoreQueue"/>, then its worker's alone; reused, so that it allocates nothing once it has
/// grown. Not thread-safe.
/// </summary>
internal sealed class WantedBlock
{
    /// <summary>
    /// A slice of the block that is the whole of a small file (<see cref="File"/> indexes <see cref="Small"/>), or a part of a large one,
    /// and the chunk that it is a slice of.
    /// </summary>
    internal record struct Piece(uint Offset, int Length, int File, LargeFile? Large, long FileOffset, ChunkId Chunk, uint ChunkOffset,
        uint ChunkLength, bool Replaces = false);

    /// <summary>Files without data are handed out so many at a time.</summary>
    private const int MaxBare = 256;

    private readonly List<Piece> _pieces = [];
    private long _covered;

    /// <summary>Whether its files have data.</summary>
    internal bool HasBlock { get; private set; }

    /// <summary>The block, if <see cref="HasBlock"/>.</summary>
    internal BlockLocation Block { get; private set; }

    /// <summary>Names, stats and details of the small files.</summary>
    internal EntryTable Small { get; } = new();

    /// <summary>The directory of each small file; a reference is held until it is written.</summary>
    internal List<TargetDirectory> Directories { get; } = [];

    /// <summary>In the order of planning.</summary>
    internal ReadOnlySpan<Piece> Pieces => CollectionsMarshal.AsSpan(_pieces);

    internal int Count => _pieces.Count;

    /// <summary>Sum of the pieces' lengths.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Nothing more of the block can be wanted, or so it seems: chunks that several files share count each time.</summary>
    internal bool IsComplete => HasBlock ? _covered >= Block.RawLength : _pieces.Count >= MaxBare;

    /// <summary>Bytes held by its arrays, about: what decides whether it is worth keeping.</summary>
    internal long Footprint => Small.Footprint + _pieces.Capacity * 112L + Directories.Capacity * 8L + 200;

    // The queue's: neighbours in the order in which they last grew, and whether it only waits for a worker.
    internal WantedBlock? Older { get; set; }
    internal WantedBlock? Newer { get; set; }
    internal bool IsReady { get; set; }

    /// <summary>Makes an empty one that of <paramref name="block"/>.</summary>
    internal void Begin(in BlockLocation block) => (HasBlock, Block) = (true, block);

    /// <summary>A file that is one slice of one chunk of the block.</summary>
    internal void AddSmall(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details,
        in Extent extent, in ChunkLocation chunk, bool replaces) =>
        Add(new Piece(chunk.Offset + extent.Offset, (int)extent.Length, AddFile(directory, name, in stat, details), null, 0, extent.Chunk,
        chunk.Offset, chunk.Length, replaces));

    /// <summary>A file that has no data at all.</summary>
    internal void AddBare(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details,
        bool replaces) =>
        Add(new Piece(0, 0, AddFile(directory, name, in stat, details), null, 0, default, 0, 0, replaces));

    /// <summary>A slice of a large file.</summary>
    internal void AddPart(LargeFile file, in Extent extent, in ChunkLocation chunk, long fileOffset) =>
        Add(new Piece(chunk.Offset + extent.Offset, (int)extent.Length, -1, file, fileOffset, extent.Chunk, chunk.Offset, chunk.Length));

    /// <summary>Empties it for the next use.</summary>
    internal void Clear()
    {
        HasBlock = IsReady = false;
        Block = default;
        Small.Clear();
        Directories.Clear();
        _pieces.Clear();
        _covered = Bytes = 0;
    }

    private int AddFile(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        Directories.Add(directory);
        return Small.Add(name, in stat, details);
    }

    private void Add(in Piece piece)
    {
        if (_pieces.Count == 0 || _pieces[^1].ChunkOffset != piece.ChunkOffset) { _covered += piece.ChunkLength; }
        _pieces.Add(piece);
        Bytes += piece.Length;
    }
}
