using System.Runtime.InteropServices;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Pack;

/// <summary>
/// A worker's open block: raw chunks, one after the other, until there is enough to compress and seal them together. A block takes chunks
/// while it is below the block size, so a chunk may end beyond it, and one that is longer than the block size ends the block it goes into;
/// no block exceeds 32 MiB. Reused after <see cref="Clear"/> without allocating. Not thread-safe.
/// </summary>
internal sealed class BlockBuilder
{
    private const int LargestAtOnce = 8 << 20;

    private readonly int _blockSize, _maxChunk, _limit;
    private readonly List<PackedChunk> _chunks = [];
    private byte[] _buffer = [];
    private int _length;

    /// <summary>
    /// Creates an empty block that is full at <paramref name="blockSize"/> raw bytes and takes chunks up to <paramref name="maxChunk"/>.
    /// </summary>
    public BlockBuilder(int blockSize, int maxChunk)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockSize, Limits.MaxBlock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxChunk);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxChunk, Limits.MaxChunk);
        (_blockSize, _maxChunk) = (blockSize, maxChunk);
        _limit = Math.Min(blockSize - 1 + maxChunk, Limits.MaxBlock);
    }

    /// <summary>Whether nothing was appended since the last <see cref="Clear"/>.</summary>
    public bool IsEmpty => _chunks.Count == 0;

    /// <summary>Whether the block has reached the block size and should be sealed.</summary>
    public bool IsFull => _length >= _blockSize;

    /// <summary>Bytes that the block's memory holds as it is: what it can hold before it grows.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>The chunks' bytes. Valid until the next Append or Clear.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(0, _length);

    /// <summary>The chunks in order. Valid until the next Append or Clear.</summary>
    public ReadOnlySpan<PackedChunk> Chunks => CollectionsMarshal.AsSpan(_chunks);

    /// <summary>Whether a chunk of that length may be appended; always so for an empty block.</summary>
    public bool HasRoomFor(int length) => IsEmpty || (!IsFull && length <= _limit - _length);

    /// <summary>
    /// Adds a chunk and returns where to put its bytes. Throws <see cref="InvalidOperationException"/> if there is no room.
    /// </summary>
    public Span<byte> Append(in ChunkId id, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _maxChunk);
        if (!HasRoomFor(length)) { throw new InvalidOperationException("The block is full."); }
        if (_buffer.Length - _length < length)
        {
            // Whole at once where that is bearable: pages that are never touched take no memory. A builder that may take chunks far beyond
            // its size grows when one comes.
            int first = _limit <= LargestAtOnce ? _limit : _blockSize + (_blockSize / 4);
            byte[] larger = GC.AllocateUninitializedArray<byte>(
                Math.Min(_limit, Math.Max(_length + length, Math.Max(first, 2 * _buffer.Length))));
            Raw.CopyTo(larger);
            _buffer = larger;
        }

        _chunks.Add(new PackedChunk(id, (uint)length));
        Span<byte> place = _buffer.AsSpan(_length, length);
        _length += length;
        return place;
    }

    /// <summary>Adds a chunk, copying its bytes.</summary>
    public void Append(in ChunkId id, ReadOnlySpan<byte> chunk) => chunk.CopyTo(Append(id, chunk.Length));

    /// <summary>Empties the block and keeps its buffer.</summary>
    public void Clear()
    {
        _chunks.Clear();
        _length = 0;
    }
}
