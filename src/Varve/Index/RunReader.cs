using System.Buffers.Binary;
using Varve.Model;
using Varve.Platform;

namespace Varve.Index;

/// <summary>
/// An index run in the local cache, memory-mapped: opening it reads its header, nothing else, and memory stays flat whatever its size.
/// A look-up takes the bucket from the fence, guesses the place in it (ids are evenly spread) and steps from there; if the guess is bad, it halves.
///
/// Invariants: nothing the file says is believed before it is checked: section sizes on opening, the fence and the record's checksum, block and pack
/// when they are used. A record whose id is damaged is not found: then its chunk is stored again, which loses nothing. Thread-safe until
/// <see cref="Dispose"/>, after which nothing may be called. Errors: <see cref="ErrorKind.Damaged"/> naming the local index cache; removing the
/// file mends it.
/// </summary>
public sealed class RunReader : IDisposable
{
    private const int Steps = 8;

    private readonly MappedFile _file;
    private readonly string _what;
    private readonly int _bits;
    private readonly long _blocksAt, _fenceAt, _chunksAt, _supersededAt;

    private RunReader(MappedFile file, ObjectName name, string what)
    {
        (_file, Name, _what) = (file, name, what);
        ReadOnlySpan<byte> header = file.Length >= RunLayout.HeaderLength ? file.Span(0, RunLayout.HeaderLength) : [];
        if (!header.StartsWith(RunLayout.Magic) || U32(header, RunLayout.ZeroOffset) != 0) { throw Damaged("it does not begin as an index run does"); }
        PackCount = U32(header, RunLayout.PacksOffset);
        BlockCount = U32(header, RunLayout.BlocksOffset);
        ChunkCount = U32(header, RunLayout.ChunksOffset);
        SupersededCount = U32(header, RunLayout.SupersededOffset);
        uint bits = U32(header, RunLayout.FenceBitsOffset);
        if (bits > RunLayout.MaxFenceBits || RunLayout.Length(PackCount, BlockCount, ChunkCount, SupersededCount, (int)bits) != file.Length)
        {
            throw Damaged("its length is not what its header says");
        }

        _bits = (int)bits;
        _blocksAt = RunLayout.HeaderLength + (long)RunLayout.PackLength * PackCount;
        _fenceAt = _blocksAt + (long)RunLayout.BlockLength * BlockCount;
        _chunksAt = _fenceAt + RunLayout.FenceLength * ((1L << _bits) + 1);
        _supersededAt = _chunksAt + (long)RunLayout.ChunkLength * ChunkCount;
        if (Fence(0) != 0 || Fence(1u << _bits) != ChunkCount) { throw Damaged("its fence does not span its chunks"); }
    }

    /// <summary>The run's object name.</summary>
    public ObjectName Name { get; }

    /// <summary>Number of packs.</summary>
    public uint PackCount { get; }

    /// <summary>Number of blocks.</summary>
    public uint BlockCount { get; }

    /// <summary>Number of chunks.</summary>
    public uint ChunkCount { get; }

    /// <summary>Number of runs that this one supersedes.</summary>
    public uint SupersededCount { get; }

    /// <summary>Maps the plaintext run at <paramref name="path"/>. A file that cannot be opened throws <see cref="ErrorKind.Storage"/>.</summary>
    public static RunReader Open(string path, ObjectName name)
    {
        string what = $"local index cache {name}";
        MappedFile? file;
        try
        {
            file = MappedFile.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(
                ErrorKind.Storage, $"cannot open the {what} at {path}: {e.Message}", "Remove the cache directory; it is fetched again.", e);
        }

        if (file == null) { throw VarveException.Damaged(what, "it is empty"); }
        try
        {
            return new RunReader(file, name, what);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Where a chunk lies; false if the run does not list it.</summary>
    public bool TryFind(in ChunkId id, out ChunkLocation location)
    {
        bool found = TryFind(id, out RunChunk chunk);
        location = found ? Locate(chunk) : default;
        return found;
    }

    /// <summary>Whether the run lists a chunk.</summary>
    public bool Contains(in ChunkId id) => TryFind(id, out RunChunk _);

    /// <summary>The packs, in the run's order.</summary>
    public IEnumerable<RunPack> Packs()
    {
        for (uint i = 0; i < PackCount; i++) { yield return Pack(i); }
    }

    /// <summary>The names of the runs that this one supersedes.</summary>
    public IEnumerable<ObjectName> Superseded()
    {
        for (uint i = 0; i < SupersededCount; i++)
        {
            yield return new ObjectName(_file.Span(_supersededAt + (long)RunLayout.SupersededLength * i, RunLayout.SupersededLength));
        }
    }

    /// <summary>Tells <paramref name="visit"/> of each chunk, ascending by id; checks every record.</summary>
    public void ForEach(ChunkVisitor visit)
    {
        ChunkId last = default;
        for (uint i = 0; i < ChunkCount; i++)
        {
            RunChunk chunk = Checked(i);
            if (i > 0 && last.CompareTo(chunk.Id) >= 0) { throw Damaged("its chunks are out of order"); }
            last = chunk.Id;
            visit(chunk.Id, Locate(chunk));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Gives the memory back that look-ups made resident. May be called while others look up.</summary>
    public void Trim() => _file.Trim();

    /// <summary>Sum of the raw lengths of its blocks; reads the block table.</summary>
    public long RawBytes
    {
        get
        {
            long sum = 0;
            for (uint i = 0; i < BlockCount; i++) { sum += Block(i).RawLength; }
            return sum;
        }
    }

    /// <summary>Finds a record and checks it; its block is within the run.</summary>
    internal bool TryFind(in ChunkId id, out RunChunk chunk)
    {
        chunk = default;
        ulong prefix = id.Value.Prefix;
        uint bucket = RunLayout.Bucket(prefix, _bits), low = Fence(bucket), high = Fence(bucket + 1);
        if (low > high || high > ChunkCount) { throw Damaged("its fence does not ascend"); }
        uint at = low + (uint)Math.BigMul(prefix << _bits, high - low, out ulong _);
        for (int step = 0; low < high; step++)
        {
            ReadOnlySpan<byte> record = Record(at);
            int c = BinaryPrimitives.ReadUInt64BigEndian(record).CompareTo(prefix);
            if (c == 0) { c = new ChunkId(record).CompareTo(id); }
            if (c == 0)
            {
                chunk = Checked(at);
                return true;
            }

            if (c < 0) { low = at + 1; } else { high = at; }
            at = step >= Steps ? low + (high - low) / 2 : c < 0 ? low : high - 1;
        }

        return false;
    }

    /// <summary>Record <paramref name="i"/>, with its checksum and its block index checked.</summary>
    internal RunChunk Checked(uint i)
    {
        ReadOnlySpan<byte> record = Record(i);
        if (!RunLayout.IsIntact(record)) { throw Damaged($"the checksum of record {i} does not match"); }
        RunChunk chunk = RunLayout.ReadChunk(record);
        return chunk.Block < BlockCount ? chunk : throw Damaged($"record {i} names a block that is not there");
    }

    /// <summary>Pack <paramref name="i"/>, checked.</summary>
    internal RunPack Pack(uint i)
    {
        ReadOnlySpan<byte> record = _file.Span(RunLayout.HeaderLength + (long)RunLayout.PackLength * i, RunLayout.PackLength);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(record[RunLayout.PackSize..]);
        uint kind = U32(record, RunLayout.PackKindAt);
        if (size > long.MaxValue || kind is not ((uint)PackKind.Data or (uint)PackKind.Meta)) { throw Damaged($"its pack {i} makes no sense"); }
        return new RunPack(new ObjectName(record), (long)size, (PackKind)kind);
    }

    /// <summary>Block <paramref name="i"/>, checked except for its pack's size.</summary>
    internal RunBlock Block(uint i)
    {
        ReadOnlySpan<byte> record = _file.Span(_blocksAt + (long)RunLayout.BlockLength * i, RunLayout.BlockLength);
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(record[RunLayout.BlockOffset..]);
        uint codec = U32(record, RunLayout.BlockCodec);
        var block = new RunBlock(
            U32(record, 0), U32(record, RunLayout.BlockNumber), (long)offset, U32(record, RunLayout.BlockStored), U32(record, RunLayout.BlockRaw), (Codec)codec);
        if (block.Pack >= PackCount || offset is < RunLayout.FirstBlock or > long.MaxValue || codec > (uint)Codec.Zstd
            || block.StoredLength < RunLayout.MinStored || block.RawLength > RunLayout.MaxBlock)
        {
            throw Damaged($"its block {i} makes no sense");
        }

        return block;
    }

    /// <summary>Where a checked record's chunk lies, with its block and pack checked.</summary>
    internal ChunkLocation Locate(in RunChunk chunk)
    {
        RunBlock block = Block(chunk.Block);
        RunPack pack = Pack(block.Pack);
        if (block.Offset > pack.Size - block.StoredLength) { throw Damaged($"its block {chunk.Block} reaches beyond its pack"); }
        if ((ulong)chunk.Offset + chunk.Length > block.RawLength) { throw Damaged($"chunk {chunk.Id} reaches beyond its block"); }
        var location = new BlockLocation(pack.Name, pack.Kind, block.Number, block.Offset, block.StoredLength, block.RawLength, block.Codec);
        return new ChunkLocation(location, chunk.Offset, chunk.Length);
    }

    private ReadOnlySpan<byte> Record(uint i) => _file.Span(_chunksAt + (long)RunLayout.ChunkLength * i, RunLayout.ChunkLength);

    private uint Fence(uint i) => BinaryPrimitives.ReadUInt32LittleEndian(_file.Span(_fenceAt + (long)RunLayout.FenceLength * i, RunLayout.FenceLength));

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private VarveException Damaged(string how) => new(
        ErrorKind.Damaged, $"{_what} is damaged: {how}", "Remove the cache directory; it is fetched again. If this returns, run 'varve check'.");
}
