using Varve.Format;
using Varve.Maintain.Plan;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Platform.Zstd;
using Varve.Seal;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;

namespace Varve.Maintain.Repack;

/// <summary>
/// Copies what is needed of packs into new ones (<c>prune_repacks</c>). A block that is needed whole is taken over as it is, sealed anew
/// but not decompressed; of others the chunks that are needed are put together, compared with their ids. Memory is that of some blocks. Not
/// thread-safe.
/// </summary>
internal sealed class Repacker(FooterReader footers, BlockReader blocks, ChunkHasher hasher, PlaceChooser places, PackWriter target,
    int blockSize, int level, Action<PackContents> stored, CancellationToken cancelled) : IDisposable
{
    private readonly BlockBuffers _buffers = new();
    private readonly BlockBuilder _block = new(blockSize, Limits.MaxChunk);
    private readonly ZstdCompressor _compressor = new(level, blockSize);
    private byte[] _compressed = [];

    // Sources of which something is in the block or pack that is open.
    private readonly List<PackEntry> _open = [];

    /// <summary>Packs of which all that is needed is in durable packs now.</summary>
    internal List<PackEntry> Copied { get; } = [];

    /// <summary>Packs that could not be read: they stay.</summary>
    internal List<(PackEntry Pack, VarveException Reason)> Unreadable { get; } = [];

    /// <summary>Copies what is needed of a pack. What cannot be read leaves the pack as it is.</summary>
    internal void Copy(PackEntry source)
    {
        try
        {
            PackContents contents = footers.Read(source.Name, source.Size);
            long at = PackLayout.HeaderLength;
            for (int n = 0; n < contents.Blocks.Count; n++)
            {
                cancelled.ThrowIfCancellationRequested();
                PackedBlock block = contents.Blocks[n];
                CopyBlock(source, new BlockLocation(source.Name, source.Kind, (uint)n, at, block.StoredLength, block.RawLength, block.Codec),
                    block.Chunks);
                at += block.StoredLength;
            }

            (_block.IsEmpty && !target.IsOpen ? Copied : _open).Add(source);
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { Unreadable.Add((source, e)); }
    }

    /// <summary>Makes all durable that was copied.</summary>
    internal void Finish()
    {
        CloseBlock();
        if (target.IsOpen) { Stored(target.Finish()); }
        Copied.AddRange(_open);
        _open.Clear();
    }

    private void CopyBlock(PackEntry source, in BlockLocation block, IReadOnlyList<PackedChunk> chunks)
    {
        int kept = 0;
        uint offset = 0;
        foreach (PackedChunk chunk in chunks)
        {
            if (places.IsKept(source, chunk.Id, block.Number, offset)) { kept++; }
            offset += chunk.Length;
        }

        if (kept == 0) { return; }
        if (kept == chunks.Count)
        {
            Add(blocks.ReadPayload(in block, _buffers), block.RawLength, block.Codec, [.. chunks]);
            return;
        }

        ReadOnlySpan<byte> raw = blocks.Read(in block, _buffers);
        offset = 0;
        foreach (PackedChunk chunk in chunks)
        {
            ReadOnlySpan<byte> bytes = raw.Slice((int)offset, (int)chunk.Length);
            if (places.IsKept(source, chunk.Id, block.Number, offset))
            {
                if (hasher.Compute(bytes) != chunk.Id) { throw ChunkSource.Mismatch(chunk.Id, source.Name); }
                if (!_block.HasRoomFor(bytes.Length)) { CloseBlock(); }
                _block.Append(chunk.Id, bytes);
                if (_block.IsFull) { CloseBlock(); }
            }

            offset += chunk.Length;
        }
    }

    private void CloseBlock()
    {
        if (_block.IsEmpty) { return; }
        ReadOnlySpan<byte> raw = _block.Raw;
        if (_compressed.Length < ZstdCompressor.Bound(raw.Length)) { _compressed = new byte[ZstdCompressor.Bound(_block.Capacity)]; }
        int length = _compressor.Compress(raw, _compressed);
        PackedChunk[] chunks = [.. _block.Chunks];
        if (length < raw.Length) { Add(_compressed.AsSpan(0, length), (uint)raw.Length, Codec.Zstd, chunks); }
        else { Add(raw, (uint)raw.Length, Codec.Raw, chunks); }
        _block.Clear();
    }

    private void Add(ReadOnlySpan<byte> payload, uint rawLength, Codec codec, PackedChunk[] chunks)
    {
        if (target.Add(payload, rawLength, codec, chunks) is { } full) { Stored(full); }
    }

    // What was copied whole before, and is in no open block, is durable.
    private void Stored(PackContents pack)
    {
        stored(pack);
        if (!_block.IsEmpty) { return; }
        Copied.AddRange(_open);
        _open.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _compressor.Dispose();
}
