using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Lookup;

/// <summary>
/// An index run in the local cache. Opening it reads its header and fence, nothing else, and memory stays flat whatever its size: a small
/// run is kept in memory from when it is looked at (<see cref="RunSieve.SmallRun"/>); of a large one only its packs and blocks are, if they
/// are few, and the sieve, if there is one and it is not larger than <see cref="KeptSieve"/>. The rest is read record by record.
/// <c>RunReader.Search.cs</c> has the look-up.
///
/// Invariants: nothing the file says is believed before it is checked: section sizes on opening, the fence and the record's checksum, block
/// and pack when they are used. A record whose id is damaged is not found: then its chunk is stored again, which loses nothing. Thread-safe
/// until <see cref="Dispose"/>, after which nothing may be called. Errors: <see cref="ErrorKind.Damaged"/> naming the local index cache;
/// removing the file mends it.
/// </summary>
internal sealed partial class RunReader : IDisposable
{
    private const long KeptSieve = 32 << 20;
    private const int BlocksAtOnce = 256;

    private readonly long _fileLength;
    private readonly Subject _what;
    private readonly int _bits;
    private readonly RunCounts _counts;
    private readonly long _blocksAt, _fenceAt, _chunksAt, _originsAt, _sieveAt;
    private readonly PagedBytes _head; // what is kept from the start
    private readonly PagedBytes? _sieve;
    private readonly uint _lines; // of the sieve; 0 without one
    private RunOrigin[]? _origins;
    private SafeFd _file;

    private RunReader(SafeFd file, long fileLength, ObjectName name, Subject what)
    {
        (_file, _fileLength, Name, _what) = (file, fileLength, name, what);
        Span<byte> header = stackalloc byte[RunLayout.HeaderLength];
        if (fileLength >= RunLayout.HeaderLength) { Read(0, header); }
        if (!header.StartsWith(RunLayout.Magic)) { throw Damaged("it does not begin as an index run does"); }
        _counts = RunLayout.ReadCounts(header);
        _bits = (int)U32(header, RunLayout.FenceBitsOffset);
        Length = RunLayout.Length(header);
        HasSieve = Length > 0 && fileLength == RunSieve.FileLength(Length, ChunkCount);
        if (Length != fileLength && !HasSieve) { throw Damaged("its length is not what its header says"); }

        _blocksAt = RunLayout.HeaderLength + (long)RunLayout.PackLength * PackCount;
        _fenceAt = _blocksAt + (long)RunLayout.BlockLength * BlockCount;
        _chunksAt = _fenceAt + RunLayout.FenceLength * ((1L << _bits) + 1);
        _originsAt = _chunksAt + (long)RunLayout.ChunkLength * ChunkCount;
        _head = new PagedBytes(file.Value, 0,
            (int)Array.Find([Length, _fenceAt, _blocksAt, RunLayout.HeaderLength], static end => end <= RunSieve.SmallRun));
        if (HasSieve)
        {
            (_sieveAt, _lines) = (RunSieve.Start(Length), SieveLine.Lines(ChunkCount));
            if (fileLength - _sieveAt <= KeptSieve) { _sieve = new PagedBytes(file.Value, _sieveAt, (int)(fileLength - _sieveAt)); }
        }
    }

    /// <summary>The run's object name.</summary>
    public ObjectName Name { get; }

    /// <summary>Bytes of the run itself.</summary>
    internal long Length { get; }

    /// <summary>Whether a sieve follows it in the file.</summary>
    internal bool HasSieve { get; }

    /// <summary>Number of packs.</summary>
    public uint PackCount => _counts.Packs;

    /// <summary>Number of blocks.</summary>
    public uint BlockCount => _counts.Blocks;

    /// <summary>Number of chunks.</summary>
    public uint ChunkCount => _counts.Chunks;

    /// <summary>
    /// Opens the plaintext run that is called <paramref name="file"/> in the folder; null if there is none. A file that cannot be opened
    /// throws <see cref="ErrorKind.Storage"/>.
    /// </summary>
    public static RunReader? Open(PrivateDirectory folder, string file, ObjectName name)
    {
        Subject what = Subject.Cache(Path.Combine(folder.Path, file));
        int errno = Posix.OpenAt(folder.Fd, Encoding.UTF8.GetBytes(file), Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK,
            out SafeFd opened);
        if (errno == Errno.ENOENT) { return null; }
        EntryStat stat = default;
        if (errno == 0) { errno = Posix.Stat(opened.Value, out stat); }
        if (errno == 0 && stat.Kind == EntryKind.Directory) { errno = Errno.EISDIR; }
        if (errno != 0)
        {
            opened.Close();
            throw new VarveException(ErrorKind.Storage, what, $"cannot be opened: {Errno.Message(errno)}", Advice.DropCache);
        }

        RunReader? run = null;
        try
        {
            run = new RunReader(opened, stat.Size, name, what);
            if (run.Fence(0) != 0 || run.Fence(1u << run._bits) != run.ChunkCount)
            {
                throw run.Damaged("its fence does not span its chunks");
            }

            if (DescriptorShare.AreFew) { run.CloseIfKept(); }
            return run;
        }
        catch
        {
            if (run is not null) { run.Dispose(); }
            else { opened.Close(); }
            throw;
        }
    }

    /// <summary>The packs, in the run's order.</summary>
    public IEnumerable<RunPack> Packs()
    {
        for (uint i = 0; i < PackCount; i++) { yield return Pack(i); }
    }

    /// <summary>The runs of the repository that it was made of, which its packs name by their numbers; checked.</summary>
    public IReadOnlyList<RunOrigin> Origins() => _origins ??= RunOrigins.Read(this, in _counts, _originsAt);

    /// <summary>
    /// Tells <paramref name="visit"/> of each chunk, ascending by id, in packs that are not left out; checks every record.
    /// </summary>
    public void ForEach(ChunkVisitor visit, PackUse[]? uses = null)
    {
        var records = new RunCursor(this);
        while (records.Next(out RunChunk chunk))
        {
            if (uses is null || (uses[Block(chunk.Block).Pack] & PackUse.LeftOut) == 0) { visit(chunk.Id, Locate(chunk)); }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _head.Dispose();
        _sieve?.Dispose();
        _file.Close();
        _file = default;
    }

    /// <summary>Sum of the raw lengths of its blocks; reads the block table.</summary>
    public long RawBytes => Blocks().Sum(static b => (long)b.RawLength);

    /// <summary>Pack <paramref name="i"/>, checked.</summary>
    internal RunPack Pack(uint i)
    {
        Span<byte> buffer = stackalloc byte[RunLayout.PackLength];
        ReadOnlySpan<byte> record = At(RunLayout.HeaderLength + (long)RunLayout.PackLength * i, buffer);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(record[RunLayout.PackSize..]);
        uint kind = U32(record, RunLayout.PackKindAt);
        uint origin = U32(record, RunLayout.PackOrigin);
        if (size > long.MaxValue || kind is not ((uint)PackKind.Data or (uint)PackKind.Meta) || origin >= _counts.Origins)
        {
            throw Damaged($"its pack {i} makes no sense");
        }
        return new RunPack(new ObjectName(record), (long)size, (PackKind)kind, origin, new Bytes32(record[RunLayout.PackListed..]));
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

    /// <summary>Bytes of the run: a view of what is kept, or read into <paramref name="buffer"/>, which is as long as they are.</summary>
    private ReadOnlySpan<byte> At(long offset, Span<byte> buffer)
    {
        if (offset + buffer.Length <= _head.Length) { return View(_head, offset, buffer.Length); }
        Read(offset, buffer);
        return buffer;
    }

    /// <summary>A run that is kept as a whole needs no descriptor once it is read.</summary>
    private void CloseIfKept()
    {
        if (_fileLength != _head.Length) { return; }
        View(_head, 0, _head.Length);
        _file.Close();
        _file = default;
    }

    private ReadOnlySpan<byte> View(PagedBytes kept, long offset, int length)
    {
        try { return kept.Span(offset, length); }
        catch (IOException e) { throw Damaged($"it cannot be read ({Errno.Message(e)})"); }
    }

    /// <summary>Bytes of the run, whether they are kept or not.</summary>
    internal void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > _fileLength - destination.Length) { throw new ArgumentOutOfRangeException(nameof(offset)); }
        if (!_file.IsOpen)
        {
            View(_head, offset, destination.Length).CopyTo(destination);
            return;
        }

        for (int done = 0; done < destination.Length;)
        {
            int errno = Posix.ReadAt(_file.Value, destination[done..], offset + done, out int read);
            if (read == 0) { throw Damaged($"it cannot be read ({(errno != 0 ? Errno.Message(errno) : "the file is shorter than it was")})"); }
            done += read;
        }
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    internal VarveException Damaged(string how) => Damaged(_what, how);

    private static VarveException Damaged(Subject what, string how) => new(ErrorKind.Damaged, what, how, Advice.DropCache);
}
