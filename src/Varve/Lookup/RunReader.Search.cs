using System.Buffers.Binary;
using Varve.Model;

namespace Varve.Lookup;

/// <content>
/// The look-up. With a sieve: one line of it tells that the chunk is not there, or names the record, which is then read; in one of 25 cases
/// the record turns out to be another's. Without one, the fence gives a bucket of about 16 records, the place in it is guessed (ids are
/// evenly spread), and the search steps from there; if the guess is bad, it halves.
/// </content>
internal sealed partial class RunReader
{
    private const int Steps = 8;

    /// <summary>Says that an id is about to be looked up.</summary>
    internal void Prefetch(in ChunkId id)
    {
        _sieve?.Prefetch((long)SieveLine.Length * SieveLine.Locate(id.Value.Prefix, _lines, out _));
    }

    /// <summary>
    /// Finds a record and checks it; its block is within the run. It is any one of those of the id: others are next to it.
    /// </summary>
    internal bool TryFind(in ChunkId id, out RunChunk chunk, out uint at)
    {
        ulong prefix = id.Value.Prefix;
        if (_lines > 0) { return TryFindBySieve(id, prefix, out chunk, out at); }
        uint bucket = RunLayout.Bucket(prefix, _bits), low = Fence(bucket), high = Fence(bucket + 1);
        if (low > high || high > ChunkCount) { throw Damaged("its fence does not ascend"); }
        return TryFindBetween(id, low, high, low + (uint)Math.BigMul(prefix << _bits, high - low, out ulong _), out chunk, out at);
    }

    /// <summary>The first of the records of an id, of which the one at <paramref name="at"/> is one.</summary>
    internal uint FirstOf(in ChunkId id, uint at)
    {
        while (at > 0 && TryRead(id, at - 1, out _)) { at--; }
        return at;
    }

    /// <summary>The record at a place, checked; false if it is not of that id.</summary>
    internal bool TryRead(in ChunkId id, uint at, out RunChunk chunk)
    {
        chunk = default;
        if (at >= ChunkCount) { return false; }
        Span<byte> buffer = stackalloc byte[RunLayout.ChunkLength];
        ReadOnlySpan<byte> record = At(_chunksAt + (long)RunLayout.ChunkLength * at, buffer);
        if (new ChunkId(record) != id) { return false; }
        chunk = Checked(at, record);
        return true;
    }

    /// <summary>Record <paramref name="i"/>, with its checksum and its block index checked.</summary>
    internal RunChunk Checked(uint i, ReadOnlySpan<byte> record)
    {
        if (!RunLayout.IsIntact(record)) { throw Damaged($"the checksum of record {i} does not match"); }
        RunChunk chunk = RunLayout.ReadChunk(record);
        return chunk.Block < BlockCount ? chunk : throw Damaged($"record {i} names a block that is not there");
    }

    private bool TryFindBySieve(in ChunkId id, ulong prefix, out RunChunk chunk, out uint at)
    {
        chunk = default;
        at = 0;
        uint line = SieveLine.Locate(prefix, _lines, out int position);
        Span<byte> buffer = stackalloc byte[SieveLine.Length];
        if (!SieveLine.TryMatch(Line(line, buffer), position, out uint first, out int count))
        {
            throw Damaged($"line {line} of its sieve makes no sense");
        }
        uint end = count >= 0 ? first + (uint)count
            : line + 1 < _lines ? BinaryPrimitives.ReadUInt32LittleEndian(Line(line + 1, buffer)) : ChunkCount;
        if (first > end || end > ChunkCount) { throw Damaged("its sieve does not ascend"); }
        return first < end && TryFindBetween(id, first, end, first, out chunk, out at);
    }

    private bool TryFindBetween(in ChunkId id, uint low, uint high, uint guess, out RunChunk chunk, out uint at)
    {
        chunk = default;
        at = guess;
        ulong prefix = id.Value.Prefix;
        Span<byte> buffer = stackalloc byte[RunLayout.ChunkLength];
        for (int step = 0; low < high; step++)
        {
            ReadOnlySpan<byte> record = At(_chunksAt + (long)RunLayout.ChunkLength * at, buffer);
            int c = BinaryPrimitives.ReadUInt64BigEndian(record).CompareTo(prefix);
            if (c == 0) { c = new ChunkId(record).CompareTo(id); }
            if (c == 0)
            {
                chunk = Checked(at, record);
                return true;
            }

            if (c < 0) { low = at + 1; } else { high = at; }
            at = step >= Steps ? low + (high - low) / 2 : c < 0 ? low : high - 1;
        }

        return false;
    }

    private ReadOnlySpan<byte> Line(uint line, Span<byte> buffer)
    {
        long offset = (long)SieveLine.Length * line;
        if (_sieve is not null) { return View(_sieve, offset, SieveLine.Length); }
        Read(_sieveAt + offset, buffer);
        return buffer;
    }

    private uint Fence(uint i)
    {
        Span<byte> buffer = stackalloc byte[RunLayout.FenceLength];
        return BinaryPrimitives.ReadUInt32LittleEndian(At(_fenceAt + (long)RunLayout.FenceLength * i, buffer));
    }
}
