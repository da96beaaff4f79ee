using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;

namespace Varve.Pack;

/// <summary>
/// Walks the plaintext of a pack's footer (docs/format.md, 6) without allocating: block by block, and within a block chunk by chunk. Throws
/// <see cref="ErrorKind.Damaged"/> unless lengths are within the format's limits, chunks add up to their blocks, and the blocks end exactly
/// where the footer begins; that is known at the end only, so who must not act on half a footer walks it twice.
/// </summary>
internal ref struct FooterCursor
{
    // The least a block takes: four numbers of a byte each and one chunk. The least a chunk takes: id and a length of a byte.
    private const int MinChunkEntry = Bytes32.Size + 1, MinBlockEntry = 4 + MinChunkEntry;

    private static readonly Subject s_footer = Subject.PartOnly("the footer");

    private readonly long _end;
    private ByteReader _reader;
    private long _next;
    private int _blocksLeft, _chunksLeft;
    private ulong _sum;

    /// <summary>Stands before the first block.</summary>
    public FooterCursor(ReadOnlySpan<byte> plaintext, long packSize)
    {
        _reader = new ByteReader(plaintext, s_footer);
        _end = packSize - PackLayout.TailLength - SealLayout.SealedLength(plaintext.Length);
        _next = PackLayout.HeaderLength;
        _blocksLeft = BlockCount = _reader.Count(MinBlockEntry);
    }

    /// <summary>Blocks in the pack.</summary>
    public int BlockCount { get; }

    /// <summary>Where the current block begins in the pack.</summary>
    public readonly long Offset => _next - StoredLength;

    /// <summary>The current block's bytes in the pack, with the tag.</summary>
    public uint StoredLength { get; private set; }

    /// <summary>The current block's bytes once decoded.</summary>
    public uint RawLength { get; private set; }

    /// <summary>How the current block is encoded.</summary>
    public Codec Codec { get; private set; }

    /// <summary>Chunks in the current block.</summary>
    public int ChunkCount { get; private set; }

    /// <summary>The current chunk.</summary>
    public PackedChunk Chunk { get; private set; }

    /// <summary>Goes to the next block, over what is left of this one; false at the end.</summary>
    public bool NextBlock()
    {
        while (NextChunk()) { }
        if (_blocksLeft == 0)
        {
            _reader.End();
            return _next == _end ? false : throw _reader.Damaged("the blocks do not end where the footer begins");
        }

        int number = BlockCount - _blocksLeft--;
        StoredLength = _reader.VarInt32();
        RawLength = _reader.VarInt32();
        byte codec = _reader.U8();
        if (codec > (byte)Codec.Zstd) { throw _reader.Damaged($"a block is of unknown codec {codec}"); }
        if (StoredLength < PackLayout.MinStored || RawLength > Limits.MaxBlock)
        {
            throw _reader.Damaged("a block's length is out of range");
        }
        Codec = (Codec)codec;
        if (Codec == Codec.Raw && StoredLength != RawLength + SealLayout.TagLength)
        {
            throw _reader.Damaged("a raw block's lengths do not match");
        }
        _chunksLeft = ChunkCount = _reader.Count(MinChunkEntry);
        if (ChunkCount == 0) { throw _reader.Damaged("a block holds no chunk"); }
        _sum = 0;
        _next += StoredLength;
        return _next <= _end ? true : throw _reader.Damaged($"block {number} reaches beyond the pack's blocks");
    }

    /// <summary>Goes to the next chunk of the block; false at its end.</summary>
    public bool NextChunk()
    {
        if (_chunksLeft == 0) { return false; }
        var id = new ChunkId(_reader.Id32());
        uint length = _reader.VarInt32();
        if (length > Limits.MaxChunk) { throw _reader.Damaged("a chunk is too long"); }
        _sum += length;
        if (--_chunksLeft == 0 && _sum != RawLength) { throw _reader.Damaged("a block's chunks do not add up to its length"); }
        Chunk = new PackedChunk(id, length);
        return true;
    }
}
