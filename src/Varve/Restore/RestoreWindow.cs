using Varve.Model;

namespace Varve.Restore;

/// <summary>
/// A part of the restore that is planned together: some thousand files, and which piece of which block goes where, so that a block is fetched and decoded once for
/// all files of the window. Filled by the planner, then read by workers; reused. Bounds memory whatever the size of the snapshot.
/// </summary>
internal sealed class RestoreWindow
{
    /// <summary>Files and bytes at which a window is full.</summary>
    internal const int MaxFiles = 8192;

    /// <inheritdoc cref="MaxFiles"/>
    internal const long MaxBytes = 128 << 20;

    /// <summary>
    /// A slice of a block that is the whole of a small file (<see cref="File"/> indexes <see cref="Small"/>), or a part of a large one, and the chunk that it is a slice of.
    /// </summary>
    internal readonly record struct Piece(int Block, uint Offset, int Length, int File, LargeFile? Large, long FileOffset, ChunkId Chunk, uint ChunkOffset, uint ChunkLength);

    private readonly Dictionary<(ObjectName Pack, uint Number), int> _blockOf = [];

    /// <summary>Names, stats and details of the small files.</summary>
    internal EntryTable Small { get; } = new();

    /// <summary>The directory of each small file; a reference is held until it is written.</summary>
    internal List<TargetDirectory> Directories { get; } = [];

    internal List<Piece> Pieces { get; } = [];

    internal List<BlockLocation> Blocks { get; } = [];

    /// <summary>Blocks that workers have not finished; set when the window is sent off.</summary>
    internal int Unfinished;

    internal long Bytes { get; private set; }

    internal bool IsEmpty => Pieces.Count == 0;

    internal bool IsFull => Small.Count >= MaxFiles || Pieces.Count >= MaxFiles || Bytes >= MaxBytes;

    /// <summary>A file that is one slice of one chunk, or has no data at all (<paramref name="chunk"/> null).</summary>
    internal void AddSmall(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details, in ChunkId id, in ChunkLocation? chunk, uint offset, int length)
    {
        int file = Small.Add(name, in stat, details);
        Directories.Add(directory);
        Pieces.Add(new Piece(chunk is { } c ? BlockIndex(c.Block) : -1, (chunk?.Offset ?? 0) + offset, length, file, null, 0, id, chunk?.Offset ?? 0, chunk?.Length ?? 0));
        Bytes += length;
    }

    /// <summary>A slice of a large file.</summary>
    internal void AddPart(LargeFile file, in ChunkId id, in ChunkLocation chunk, uint offset, int length, long fileOffset)
    {
        Pieces.Add(new Piece(BlockIndex(chunk.Block), chunk.Offset + offset, length, -1, file, fileOffset, id, chunk.Offset, chunk.Length));
        Bytes += length;
    }

    /// <summary>Orders the pieces by pack and block, so that reading is sequential, and returns where each block's pieces begin and end.</summary>
    internal List<(int Start, int End)> Arrange()
    {
        var order = new int[Blocks.Count];
        for (int i = 0; i < order.Length; i++) { order[i] = i; }
        Array.Sort(order, (a, b) =>
        {
            int c = Blocks[a].Pack.CompareTo(Blocks[b].Pack);
            return c != 0 ? c : Blocks[a].Number.CompareTo(Blocks[b].Number);
        });
        var rank = new int[Blocks.Count];
        for (int i = 0; i < order.Length; i++) { rank[order[i]] = i; }
        Pieces.Sort((a, b) =>
        {
            int c = (a.Block < 0 ? -1 : rank[a.Block]).CompareTo(b.Block < 0 ? -1 : rank[b.Block]);
            return c != 0 ? c : a.Offset.CompareTo(b.Offset);
        });
        var runs = new List<(int, int)>();
        for (int start = 0; start < Pieces.Count;)
        {
            int end = start + 1;
            int limit = Pieces[start].Block < 0 ? 256 : int.MaxValue;
            while (end < Pieces.Count && end - start < limit && Pieces[end].Block == Pieces[start].Block) { end++; }
            runs.Add((start, end));
            start = end;
        }

        return runs;
    }

    internal void Clear()
    {
        _blockOf.Clear();
        Small.Clear();
        Directories.Clear();
        Pieces.Clear();
        Blocks.Clear();
        Bytes = 0;
    }

    private int BlockIndex(in BlockLocation block)
    {
        if (_blockOf.TryGetValue((block.Pack, block.Number), out int index)) { return index; }
        Blocks.Add(block);
        _blockOf[(block.Pack, block.Number)] = Blocks.Count - 1;
        return Blocks.Count - 1;
    }
}
