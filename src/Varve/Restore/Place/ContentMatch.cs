using System.Buffers;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Platform;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Chunks;

namespace Varve.Restore.Place;

/// <summary>
/// Whether files of the target have the content that a snapshot says. A whole chunk is told by its id, without reading the repository; of a
/// slice the chunk is read. Not thread-safe.
/// </summary>
internal sealed class ContentMatch(IChunkSource chunks, FetchMeta fetchList)
{
    /// <summary>No chunk is longer: what says so is found out when it is to be read.</summary>
    private const long MostOfAChunk = 64 << 20;

    private byte[] _slice = [];

    /// <summary>
    /// Compares an open file of the right size. What cannot be read, or is damaged in the repository, is no match.
    /// </summary>
    /// <exception cref="VarveException">Damaged: the extents.</exception>
    internal bool IsMatch(int file, long size, ReadOnlySpan<byte> details, CancellationToken cancellationToken)
    {
        long position = 0;
        foreach (Extent extent in FileExtents.Of(details, size, fetchList))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (extent.Length > size - position || !IsMatch(file, in extent, position)) { return false; }
            position += extent.Length;
        }

        return position == size;
    }

    /// <summary>Compares what a file has at a position with an extent.</summary>
    internal bool IsMatch(int file, in Extent extent, long position)
    {
        if (extent.IsHole) { return IsZero(file, position, extent.Length); }
        if (extent.Length > MostOfAChunk) { return false; }
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)extent.Length);
        try
        {
            Span<byte> there = buffer.AsSpan(0, (int)extent.Length);
            if (!Fill(file, there, position)) { return false; }
            if (extent.Offset == 0 && chunks.IsChunk(extent.Chunk, there)) { return true; }
            return chunks.TryLocate(extent.Chunk, extent.Offset + extent.Length, out ChunkLocation location)
                && (extent.Offset != 0 || location.Length != extent.Length) && there.SequenceEqual(Slice(in extent, in location));
        }
        finally { ArrayPool<byte>.Shared.Return(buffer); }
    }

    /// <summary>A slice of a chunk, from the repository; empty if it cannot be had.</summary>
    private ReadOnlySpan<byte> Slice(in Extent extent, in ChunkLocation location)
    {
        if (extent.Offset + extent.Length > location.Length) { return []; }
        try
        {
            if (_slice.Length < location.Block.RawLength) { _slice = new byte[location.Block.RawLength]; }
            chunks.ReadBlock(location.Block, _slice.AsSpan(0, (int)location.Block.RawLength));
            ReadOnlySpan<byte> chunk = _slice.AsSpan((int)location.Offset, (int)location.Length);
            return chunks.IsChunk(extent.Chunk, chunk) ? chunk.Slice((int)extent.Offset, (int)extent.Length) : [];
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { return []; }
    }

    private static bool IsZero(int file, long position, long length)
    {
        // What the file system knows as a hole need not be read.
        if (Posix.SeekData(file, position, out long data) == Errno.ENXIO) { return true; }
        long end = position + length;
        position = Math.Max(position, data);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            while (position < end)
            {
                Span<byte> there = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - position));
                if (!Fill(file, there, position) || there.ContainsAnyExcept((byte)0)) { return false; }
                position += there.Length;
                if (position < end && Posix.SeekData(file, position, out data) == Errno.ENXIO) { return true; }
                position = Math.Max(position, data);
            }

            return true;
        }
        finally { ArrayPool<byte>.Shared.Return(buffer); }
    }

    private static bool Fill(int file, Span<byte> buffer, long position)
    {
        while (!buffer.IsEmpty)
        {
            if (Posix.ReadAt(file, buffer, position, out int read) != 0 || read == 0) { return false; }
            buffer = buffer[read..];
            position += read;
        }

        return true;
    }
}
