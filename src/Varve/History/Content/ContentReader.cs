using Varve.Model;
using Varve.Model.Packs;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Chunks;

namespace Varve.History.Content;

/// <summary>
/// Reads the content of a snapshot's files, in order, holes as zeros. Every chunk is checked against its id before a byte of it goes out.
/// The block that was read last is kept, so files that lie together are decoded once. Not thread-safe.
/// </summary>
/// <param name="chunks">Where chunks are.</param>
/// <param name="meta">Reads lists of extents.</param>
internal sealed class ContentReader(IChunkSource chunks, FetchMeta meta)
{
    private const int LongestZeros = 1 << 20;
    private BlockLocation _current;
    private byte[] _raw = [];
    private byte[] _zeros = [];

    /// <summary>Takes the next bytes of a file, which are valid during the call; false if it wants no more.</summary>
    internal delegate bool Take(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Reads a file of that size with those details. False if <paramref name="take"/> ended it.
    /// </summary>
    /// <exception cref="VarveException">Damaged, NotFound: a chunk, or the extents.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal bool Read(ReadOnlySpan<byte> details, long size, Take take, CancellationToken cancellationToken)
    {
        long done = 0;
        foreach (Extent extent in FileExtents.Of(details, size, id => Fetch(id, cancellationToken)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (extent.Length > size - done)
            {
                throw VarveException.Damaged(Subject.PartOnly("the file's extents"), "they reach beyond its size");
            }

            done += extent.Length;
            bool goesOn = extent.IsHole ? GiveZeros(extent.Length, take, cancellationToken) : take(Chunk(in extent));
            if (!goesOn) { return false; }
        }

        return done == size ? true
            : throw VarveException.Damaged(Subject.PartOnly("the file's extents"), $"they cover {done} bytes of {size}");
    }

    /// <summary>Writes a file of that size with those details to a stream.</summary>
    /// <inheritdoc cref="Read"/>
    internal void Write(ReadOnlySpan<byte> details, long size, Stream output, CancellationToken cancellationToken) =>
        Read(details, size, bytes =>
        {
            output.Write(bytes);
            return true;
        }, cancellationToken);

    private ReadOnlyMemory<byte> Fetch(ChunkId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return meta(id);
    }

    private ReadOnlySpan<byte> Chunk(in Extent extent)
    {
        if (!chunks.TryLocate(extent.Chunk, extent.Offset + extent.Length, out ChunkLocation location))
        {
            throw VarveException.Damaged(Subject.Chunk(extent.Chunk), "no index run knows it");
        }

        RequireWithin(in extent, location.Length);
        ReadOnlySpan<byte> chunk;
        try
        {
            if (location.Block != _current)
            {
                if (_raw.Length < location.Block.RawLength) { _raw = new byte[location.Block.RawLength]; }
                _current = default;
                chunks.ReadBlock(location.Block, _raw.AsSpan(0, (int)location.Block.RawLength));
                _current = location.Block;
            }

            chunk = _raw.AsSpan((int)location.Offset, (int)location.Length);
            if (!chunks.IsChunk(extent.Chunk, chunk)) { throw ChunkSource.Mismatch(extent.Chunk, location.Block.Pack); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            chunk = chunks.Rescue(extent.Chunk, location.Block, e);
            RequireWithin(in extent, chunk.Length);
        }

        return chunk.Slice((int)extent.Offset, (int)extent.Length);
    }

    private static void RequireWithin(in Extent extent, long length)
    {
        if (extent.Offset + extent.Length <= length) { return; }
        throw VarveException.Damaged(Subject.Chunk(extent.Chunk).Within("an extent"), "it reaches beyond the chunk's end");
    }

    private bool GiveZeros(long length, Take take, CancellationToken cancellationToken)
    {
        if (_zeros.Length < Math.Min(length, LongestZeros)) { _zeros = new byte[Math.Min(length, LongestZeros)]; }
        for (; length > 0; length -= _zeros.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!take(_zeros.AsSpan(0, (int)Math.Min(length, _zeros.Length)))) { return false; }
        }

        return true;
    }
}
