using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model.Packs;
using Varve.Platform;

namespace Varve.Lookup;

/// <summary>
/// An index run in the local cache. Opening it reads its header, nothing else, and memory stays flat whatever its size: a small run is
/// mapped (<see cref="RunSieve.SmallRun"/>); of a large one only its packs and blocks are, if they are few, and the sieve, if there is one
/// and it is not larger than <see cref="MappedSieve"/>. The rest is read record by record, since each one that is touched in a mapping
/// makes up to 64 KiB resident. <c>RunReader.Search.cs</c> has the look-up.
///
/// Invariants: nothing the file says is believed before it is checked: section sizes on opening, the fence and the record's checksum, block
/// and pack when they are used. A record whose id is damaged is not found: then its chunk is stored again, which loses nothing. Thread-safe
/// until <see cref="Dispose"/>, after which nothing may be called. Errors: <see cref="ErrorKind.Damaged"/> naming the local index cache;
/// removing the file mends it.
/// </summary>
internal sealed partial class RunReader : IDisposable
{
    private const long MappedSieve = 32 << 20;
    private const int BlocksAtOnce = 256;

    private readonly MappedFile _file;
    private readonly Subject _what;
    private readonly int _bits;
    private readonly long _blocksAt, _fenceAt, _chunksAt, _supersededAt, _sieveAt;
    private readonly long _mapped; // bytes from the start that are read through the mapping
    private readonly bool _sieveMapped;
    private readonly uint _lines; // of the sieve; 0 without one

    private RunReader(MappedFile file, ObjectName name, Subject what)
    {
        (_file, Name, _what) = (file, name, what);
        Span<byte> header = stackalloc byte[RunLayout.HeaderLength];
        if (file.Length >= RunLayout.HeaderLength) { Read(0, header); }
        if (!header.StartsWith(RunLayout.Magic) || U32(header, RunLayout.ZeroOffset) != 0)
        {
            throw Damaged("it does not begin as an index run does");
        }
        PackCount = U32(header, RunLayout.PacksOffset);
        BlockCount = U32(header, RunLayout.BlocksOffset);
        ChunkCount = U32(header, RunLayout.ChunksOffset);
        SupersededCount = U32(header, RunLayout.SupersededOffset);
        uint bits = U32(header, RunLayout.FenceBitsOffset);
        Length = RunLayout.Length(header);
        HasSieve = Length > 0 && file.Length == RunSieve.FileLength(Length, ChunkCount);
        if (Length != file.Length && !HasSieve) { throw Damaged("its length is not what its header says"); }

        _bits = (int)bits;
        _blocksAt = RunLayout.HeaderLength + (long)RunLayout.PackLength * PackCount;
        _fenceAt = _blocksAt + (long)RunLayout.BlockLength * BlockCount;
        _chunksAt = _fenceAt + RunLayout.FenceLength * ((1L << _bits) + 1);
        _supersededAt = _chunksAt + (long)RunLayout.ChunkLength * ChunkCount;
        _mapped = Array.Find([Length, _fenceAt, _blocksAt], static end => end <= RunSieve.SmallRun);
        if (HasSieve)
        {
            (_sieveAt, _lines) = (RunSieve.Start(Length), SieveLine.Lines(ChunkCount));
            _sieveMapped = file.Length - _sieveAt <= MappedSieve;
        }

        if (Fence(0) != 0 || Fence(1u << _bits) != ChunkCount) { throw Damaged("its fence does not span its chunks"); }
    }

    /// <summary>The run's object name.</summary>
    public ObjectName Name { get; }

    /// <summary>Bytes of the run itself.</summary>
    internal long Length { get; }

    /// <summary>Whether a sieve follows it in the file.</summary>
    internal bool HasSieve { get; }

    /// <summary>Number of packs.</summary>
    public uint PackCount { get; }

    /// <summary>Number of blocks.</summary>
    public uint BlockCount { get; }

    /// <summary>Number of chunks.</summary>
    public uint ChunkCount { get; }

    /// <summary>Number of runs that this one supersedes.</summary>
    public uint SupersededCount { get; }

    /// <summary>
    /// Maps the plaintext run at <paramref name="path"/>. A file that cannot be opened throws <see cref="ErrorKind.Storage"/>.
    /// </summary>
    public static RunReader Open(string path, ObjectName name)
    {
        Subject what = Subject.Cache(path);
        MappedFile? file;
        try { file = MappedFile.Open(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(
                ErrorKind.Storage, what, $"cannot be opened: {e.Message}", Advice.DropCache, e);
        }

        if (file == null) { throw Damaged(what, "it is empty"); }
        try { return new RunReader(file, name, what); }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The packs, in the run's order.</summary>
    public IEnumerable<RunPack> Packs()
    {
        for (uint i = 0; i < PackCount; i++) { yield return Pack(i); }
    }

    /// <summary>The names of the runs that this one supersedes.</summary>
    public IEnumerable<ObjectName> Superseded()
    {
        for (uint i = 0; i < SupersededCount; i++) { yield return SupersededAt(i); }
    }

    /// <summary>Tells <paramref name="visit"/> of each chunk, ascending by id; checks every record.</summary>
    public void ForEach(ChunkVisitor visit)
    {
        var records = new RunCursor(this);
        while (records.Next(out RunChunk chunk)) { visit(chunk.Id, Locate(chunk)); }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Sum of the raw lengths of its blocks; reads the block table.</summary>
    public long RawBytes
    {
        get
        {
            long sum = 0;
            foreach (RunBlock block in Blocks()) { sum += block.RawLength; }
            return sum;
        }
    }

    /// <summary>Pack <paramref name="i"/>, checked.</summary>
    internal RunPack Pack(uint i)
    {
        Span<byte> buffer = stackalloc byte[RunLayout.PackLength];
        ReadOnlySpan<byte> record = At(RunLayout.HeaderLength + (long)RunLayout.PackLength * i, buffer);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(record[RunLayout.PackSize..]);
        uint kind = U32(record, RunLayout.PackKindAt);
        if (size > long.MaxValue || kind is not ((uint)PackKind.Data or (uint)PackKind.Meta))
        {
            throw Damaged($"its pack {i} makes no sense");
        }
        return new RunPack(new ObjectName(record), (long)size, (PackKind)kind);
    }

    /// <summary>Block <paramref name="i"/>, checked except for its pack's size.</summary>
    internal RunBlock Block(uint i)
    {
        Span<byte> buffer = stackalloc byte[RunLayout.BlockLength];
        return Checked(i, RunLayout.ReadBlock(At(_blocksAt + (long)RunLayout.BlockLength * i, buffer)));
    }

    /// <summary>All blocks, checked like one; read many at a time.</summary>
    internal IEnumerable<RunBlock> Blocks()
    {
        var buffer = new byte[(int)Math.Min(BlocksAtOnce, BlockCount) * RunLayout.BlockLength];
        for (uint i = 0; i < BlockCount; i++)
        {
            int at = (int)(i % BlocksAtOnce);
            if (at == 0)
            {
                Read(_blocksAt + (long)RunLayout.BlockLength * i,
                    buffer.AsSpan(0, (int)Math.Min(BlocksAtOnce, BlockCount - i) * RunLayout.BlockLength));
            }
            yield return Checked(i, RunLayout.ReadBlock(buffer.AsSpan(at * RunLayout.BlockLength)));
        }
    }

    private RunBlock Checked(uint i, in RunBlock block) =>
        block.Pack < PackCount && block.Offset >= PackLayout.HeaderLength && (uint)block.Codec <= (uint)Codec.Zstd
            && block.StoredLength >= PackLayout.MinStored && block.RawLength <= Limits.MaxBlock
            ? block
            : throw Damaged($"its block {i} makes no sense");

    /// <summary>Where a checked record's chunk lies, with its block and pack checked.</summary>
    internal ChunkLocation Locate(in RunChunk chunk)
    {
        RunBlock block = Block(chunk.Block);
        RunPack pack = Pack(block.Pack);
        if (block.Offset > pack.Size - block.StoredLength) { throw Damaged($"its block {chunk.Block} reaches beyond its pack"); }
        if ((ulong)chunk.Offset + chunk.Length > block.RawLength) { throw Damaged($"chunk {chunk.Id} reaches beyond its block"); }
        var location = new BlockLocation(pack.Name, pack.Kind, block.Number, block.Offset, block.StoredLength, block.RawLength,
            block.Codec);
        return new ChunkLocation(location, chunk.Offset, chunk.Length);
    }

    /// <summary>SHA-256 of the run itself: what the repository's own must hash to once it is decrypted.</summary>
    internal byte[] Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(Length, 64 << 10)];
        for (long at = 0; at < Length; at += buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, Length - at));
            Read(at, part);
            hash.AppendData(part);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Records from <paramref name="first"/> on, as many as fit.</summary>
    internal void ReadRecords(uint first, Span<byte> destination) => Read(_chunksAt + (long)RunLayout.ChunkLength * first, destination);

    /// <summary>Bytes of the run: a view of the mapping, or read into <paramref name="buffer"/>, which is as long as they are.</summary>
    private ReadOnlySpan<byte> At(long offset, Span<byte> buffer)
    {
        if (offset + buffer.Length <= _mapped) { return _file.Span(offset, buffer.Length); }
        Read(offset, buffer);
        return buffer;
    }

    private void Read(long offset, Span<byte> destination)
    {
        try { _file.Read(offset, destination); }
        catch (IOException e) { throw Damaged($"it cannot be read ({e.Message})"); }
    }

    private ObjectName SupersededAt(uint i)
    {
        Span<byte> buffer = stackalloc byte[RunLayout.SupersededLength];
        return new ObjectName(At(_supersededAt + (long)RunLayout.SupersededLength * i, buffer));
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    internal VarveException Damaged(string how) => Damaged(_what, how);

    private static VarveException Damaged(Subject what, string how) => new(ErrorKind.Damaged, what, how, Advice.DropCache);
}
