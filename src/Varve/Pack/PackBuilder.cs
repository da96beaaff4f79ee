using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Varve.Format;
using Varve.Model.Bytes;
using Varve.Model.Packs;

namespace Varve.Pack;

/// <summary>
/// The bytes of one pack under construction (docs/format.md, 6), in one buffer that is kept by <see cref="Reset"/>. It knows the layout and
/// nothing of keys: what it is given is already sealed. The order is Begin, then Reserve and Commit for each block, EncodeFooter, Finish;
/// another order throws <see cref="InvalidOperationException"/>.
///
/// Invariants: blocks follow each other without gaps; a block's number is its position; what was reserved and not committed is not part of
/// the pack. Not thread-safe. Memory: what was not yet drained, at most doubled while growing, and 40 bytes for each chunk.
/// </summary>
internal sealed class PackBuilder
{
    private readonly List<PackedBlock> _blocks = [];
    private readonly ByteWriter _footer = new();
    private byte[] _buffer = [];
    private int _length, _reserved, _drained;
    private State _state;

    private enum State
    {
        Empty,
        Open,
        Finished,
    }

    /// <summary>What the pack holds.</summary>
    public PackKind Kind { get; private set; }

    /// <summary>Whether <see cref="Begin"/> was called since the last Reset.</summary>
    public bool IsBegun => _state != State.Empty;

    /// <summary>The number the next committed block will have: what its nonce is made of.</summary>
    public uint NextBlockNumber => (uint)_blocks.Count;

    /// <summary>Bytes so far: header and committed blocks, and all of it once finished.</summary>
    public long Length => _length;

    /// <summary>
    /// The bytes so far that were not drained; a finished pack's are the (rest of the) object. Valid until the next Reserve or Reset.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length - _drained);

    /// <summary>
    /// Hands the bytes over that were not handed over before, so that they need not be kept. Valid until the next Reserve or Reset.
    /// </summary>
    public ReadOnlySpan<byte> Drain()
    {
        ReadOnlySpan<byte> bytes = Bytes.Span;
        _drained = _length;
        return bytes;
    }

    /// <summary>Begins a pack with its complete header of 145 bytes, which must be one of that kind.</summary>
    public void Begin(PackKind kind, ReadOnlySpan<byte> header)
    {
        Require(State.Empty);
        if (header.Length != PackLayout.HeaderLength || PackHeader.Parse(header) != kind)
        {
            throw new ArgumentException("Not the header of a pack of that kind.", nameof(header));
        }

        Kind = kind;
        header.CopyTo(Room(header.Length));
        _length = header.Length;
        _state = State.Open;
    }

    /// <summary>
    /// A place for a sealed block, of unspecified content. It becomes part of the pack by <see cref="Commit"/>; reserving again gives it
    /// up.
    /// </summary>
    public Span<byte> Reserve(int storedLength)
    {
        Require(State.Open);
        ArgumentOutOfRangeException.ThrowIfLessThan(storedLength, PackLayout.MinStored);
        Span<byte> room = Room(storedLength);
        _reserved = storedLength;
        return room;
    }

    /// <summary>Makes the first <paramref name="storedLength"/> reserved bytes the next block. Copies the list of chunks.</summary>
    public void Commit(int storedLength, uint rawLength, Codec codec, ReadOnlySpan<PackedChunk> chunks)
    {
        Require(State.Open);
        ArgumentOutOfRangeException.ThrowIfLessThan(storedLength, PackLayout.MinStored);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(storedLength, _reserved);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rawLength, (uint)Limits.MaxBlock);
        ulong sum = 0;
        foreach (PackedChunk chunk in chunks) { sum += chunk.Length; }
        if (chunks.IsEmpty || sum != rawLength)
        {
            throw new ArgumentException("The chunks do not add up to the raw length.", nameof(chunks));
        }
        if (codec == Codec.Raw && storedLength != rawLength + SealLayout.TagLength)
        {
            throw new ArgumentException("A raw block is as long as its chunks and the tag.", nameof(storedLength));
        }

        PackedChunk[] copy = ArrayPool<PackedChunk>.Shared.Rent(chunks.Length);
        chunks.CopyTo(copy);
        _blocks.Add(new PackedBlock((uint)storedLength, rawLength, codec, new ArraySegment<PackedChunk>(copy, 0, chunks.Length)));
        _length += storedLength;
        _reserved = 0;
        _footer.Clear();
    }

    /// <summary>The plaintext of the footer for the blocks committed so far. Valid until the next call or Reset.</summary>
    public ReadOnlySpan<byte> EncodeFooter()
    {
        Require(State.Open);
        _footer.Clear();
        PackFooter.Encode(_footer, _blocks);
        return _footer.Written;
    }

    /// <summary>Completes the pack with the sealed form of what <see cref="EncodeFooter"/> returned last.</summary>
    public void Finish(ReadOnlySpan<byte> sealedFooter)
    {
        Require(State.Open);
        if (sealedFooter.Length != SealLayout.SealedLength(_footer.Length) || _footer.Length == 0)
        {
            throw new ArgumentException("Not as long as this footer is once sealed.", nameof(sealedFooter));
        }

        Span<byte> room = Room(sealedFooter.Length + PackLayout.TailLength);
        sealedFooter.CopyTo(room);
        BinaryPrimitives.WriteUInt32LittleEndian(room[sealedFooter.Length..], (uint)sealedFooter.Length);
        PackLayout.EndMagic.CopyTo(room[(sealedFooter.Length + 4)..]);
        _length += room.Length;
        _state = State.Finished;
    }

    /// <summary>
    /// What the finished pack holds; <paramref name="name"/> is the SHA-256 of <see cref="Bytes"/>. Stays valid after Reset, until
    /// <see cref="Recycle"/>.
    /// </summary>
    public PackContents ToContents(ObjectName name)
    {
        Require(State.Finished);
        return new PackContents(name, Kind, _length, _blocks.ToArray());
    }

    /// <summary>
    /// Gives the memory of a pack's lists of chunks back for the next. For what <see cref="ToContents"/> returned, by its last owner, once:
    /// nobody may look at it afterwards.
    /// </summary>
    public static void Recycle(PackContents contents)
    {
        foreach (PackedBlock block in contents.Blocks)
        {
            if (block.Chunks is ArraySegment<PackedChunk> { Array: { } array }) { ArrayPool<PackedChunk>.Shared.Return(array); }
        }
    }

    /// <summary>Forgets the pack, finished or not, and keeps the buffer for the next.</summary>
    public void Reset()
    {
        _blocks.Clear();
        _footer.Clear();
        (_length, _reserved, _drained, _state) = (0, 0, 0, State.Empty);
    }

    private Span<byte> Room(int length)
    {
        int kept = _length - _drained;
        if (_buffer.Length - kept < length)
        {
            Array.Resize(ref _buffer, checked((int)Math.Max((long)kept + length, Math.Min(2L * _buffer.Length, Array.MaxLength))));
        }

        return _buffer.AsSpan(kept, length);
    }

    private void Require(State state)
    {
        if (_state != state) { throw new InvalidOperationException($"The pack is {_state}, not {state}."); }
    }
}
