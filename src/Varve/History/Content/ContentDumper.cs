using Varve.Model;
using Varve.Model.Packs;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Chunks;

namespace Varve.History.Content;

/// <summary>
/// Writes the content of files to a stream, in order, holes as zeros. The block that was decoded last is kept: small files that follow each
/// other lie in one. Not thread-safe.
/// </summary>
internal sealed class ContentDumper(IChunkSource chunks, FetchMeta meta)
{
    private byte[] _raw = [];
    private BlockLocation _current;

    /// <summary>Writes one file. Every chunk is checked against its id before a byte of it goes out.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal void Write(in EntryStat stat, ReadOnlySpan<byte> details, Stream output, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> Fetch(ChunkId id)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return meta(id);
        }

        long done = 0;
        foreach (Extent extent in FileExtents.Of(details, stat.Size, Fetch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (extent.Length > stat.Size - done)
            {
                throw VarveException.Damaged(Subject.PartOnly("the file's extents"), "they reach beyond its size");
            }

            done += extent.Length;
            if (extent.IsHole) { WriteZeros(output, extent.Length, cancellationToken); }
            else { output.Write(Chunk(in extent).Slice((int)extent.Offset, (int)extent.Length)); }
        }

        if (done != stat.Size)
        {
            throw VarveException.Damaged(Subject.PartOnly("the file's extents"), $"they cover {done} bytes of {stat.Size}");
        }
    }

    private ReadOnlySpan<byte> Chunk(in Extent extent)
    {
        if (!chunks.TryLocate(extent.Chunk, extent.Offset + extent.Length, out ChunkLocation location))
        {
            throw VarveException.Damaged(Subject.Chunk(extent.Chunk), "no index run knows it");
        }

        RequireWithin(in extent, location.Length);
        try
        {
            if (location.Block != _current)
            {
                if (_raw.Length < location.Block.RawLength) { _raw = new byte[location.Block.RawLength]; }
                _current = default;
                chunks.ReadBlock(location.Block, _raw.AsSpan(0, (int)location.Block.RawLength));
                _current = location.Block;
            }

            ReadOnlySpan<byte> chunk = _raw.AsSpan((int)location.Offset, (int)location.Length);
            return chunks.IsChunk(extent.Chunk, chunk) ? chunk : throw ChunkSource.Mismatch(extent.Chunk, location.Block.Pack);
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            byte[] chunk = chunks.Rescue(extent.Chunk, location.Block, e);
            RequireWithin(in extent, chunk.Length);
            return chunk;
        }
    }

    private static void RequireWithin(in Extent extent, long length)
    {
        if (extent.Offset + extent.Length <= length) { return; }
        throw VarveException.Damaged(Subject.Chunk(extent.Chunk).Within("an extent"), "it reaches beyond the chunk's end");
    }

    private static void WriteZeros(Stream output, long length, CancellationToken cancellationToken)
    {
        byte[] zeros = new byte[Math.Min(length, 1 << 20)];
        for (; length > 0; length -= zeros.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            output.Write(zeros.AsSpan(0, (int)Math.Min(length, zeros.Length)));
        }
    }
}
