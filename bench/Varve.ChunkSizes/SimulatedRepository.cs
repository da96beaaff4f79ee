using System.Diagnostics;
using Varve.Chunk;
using Varve.Model;
using Varve.Pack;
using Varve.Platform.Zstd;
using Varve.Seal;

namespace Varve.ChunkSizes;

/// <summary>
/// What a repository of given sizes would store of content, by the library's own chunker, hash, blocks and compression, without writing it.
/// One thread, one open block: the program's workers each have their own, so what it stores is a little more. Keys are fixed: every run
/// gives the same figures.
/// </summary>
internal sealed class SimulatedRepository : IDisposable
{
    // A record of an index run, and what a pack's footer says of a chunk; the same of a block (docs/format.md, 6 and 7).
    private const int BytesPerChunk = 48 + 36, BytesPerBlock = 32 + 24 + PackSealer.BlockOverhead;
    private const int BytesPerExtent = 40;

    private readonly Chunker _chunker;
    private readonly ChunkHasher _hasher;
    private readonly BlockBuilder _block;
    private readonly ZstdCompressor _zstd;
    private readonly HashSet<ChunkId> _known = [];
    private readonly byte[] _buffer;
    private byte[] _frame = [];

    public SimulatedRepository(Sizes sizes)
    {
        Span<byte> key = stackalloc byte[32];
        key.Fill(7);
        _chunker = new Chunker(key, sizes.Min, sizes.Average, sizes.Max);
        _hasher = new ChunkHasher(key);
        _block = new BlockBuilder(sizes.Block, sizes.Max);
        _zstd = new ZstdCompressor(sizes.Level, sizes.Block);
        _buffer = new byte[Math.Max(8 << 20, 2 * sizes.Max)];
    }

    /// <summary>Bytes of content given.</summary>
    public long Raw { get; private set; }

    /// <summary>Bytes of chunks that were new.</summary>
    public long New { get; private set; }

    /// <summary>Bytes of all blocks, and of what lists them and their chunks.</summary>
    public long Stored { get; private set; }

    /// <summary>What lists them alone.</summary>
    public long Overhead { get; private set; }

    /// <summary>Distinct chunks: entries of the index.</summary>
    public long Chunks => _known.Count;

    /// <summary>Bytes of the extents that the content's trees would hold, before they are compressed.</summary>
    public long Extents { get; private set; }

    /// <summary>Time in cutting, hashing and compressing.</summary>
    public TimeSpan Busy { get; private set; }

    /// <summary>Adds a version of the data.</summary>
    public void Add(string version)
    {
        foreach (FileInfo file in Series.Files(version)) { Add(file); }
        Close();
    }

    private void Add(FileInfo file)
    {
        using FileStream stream = new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        int start = 0, filled = 0;
        bool ended = false;
        while (true)
        {
            if (!ended && filled - start < _chunker.Max)
            {
                _buffer.AsSpan(start, filled - start).CopyTo(_buffer);
                filled -= start;
                start = 0;
                int read = stream.ReadAtLeast(_buffer.AsSpan(filled), _buffer.Length - filled, throwOnEndOfStream: false);
                ended = read < _buffer.Length - filled;
                filled += read;
                Raw += read;
            }

            if (start == filled) { return; }
            long begun = Stopwatch.GetTimestamp();
            int length = _chunker.FindBoundary(_buffer.AsSpan(start, filled - start), ended);
            Take(_buffer.AsSpan(start, length));
            Busy += Stopwatch.GetElapsedTime(begun);
            start += length;
        }
    }

    private void Take(ReadOnlySpan<byte> chunk)
    {
        Extents += BytesPerExtent;
        ChunkId id = _hasher.Compute(chunk);
        if (!_known.Add(id)) { return; }
        New += chunk.Length;
        Stored += BytesPerChunk;
        Overhead += BytesPerChunk;
        if (!_block.HasRoomFor(chunk.Length)) { Close(); }
        _block.Append(id, chunk);
        if (_block.IsFull) { Close(); }
    }

    private void Close()
    {
        if (_block.IsEmpty) { return; }
        int bound = ZstdCompressor.Bound(_block.Raw.Length);
        if (_frame.Length < bound) { _frame = new byte[bound]; }
        Stored += Math.Min(_zstd.Compress(_block.Raw, _frame), _block.Raw.Length) + BytesPerBlock;
        Overhead += BytesPerBlock;
        _block.Clear();
    }

    public void Dispose() => _zstd.Dispose();
}
