using System.Runtime.InteropServices;
using Varve.Format;
using Varve.Maintain.Plan;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;

namespace Varve.Maintain.Repack;

/// <summary>
/// Copies what is needed of packs into new ones (<c>prune_repacks</c>). A block that is needed whole is taken over as it is, sealed anew
/// but not decompressed; of others the chunks that are needed are put together, compared with their ids. What was put together is
/// compressed by a second thread. Memory is that of some blocks. For one thread.
/// </summary>
internal sealed class Repacker : IDisposable
{
    private readonly FooterReader _footers;
    private readonly BlockReader _blocks;
    private readonly ChunkHasher _hasher;
    private readonly PlaceChooser _places;
    private readonly PackWriter _target;
    private readonly Action<PackContents> _stored;
    private readonly CancellationToken _cancelled;
    private readonly BlockBuffers _buffers = new();
    private readonly BlockPress _press;
    private RepackBlock _block;

    // Guards the target, what is told of packs, and the counts of sources: two threads add blocks.
    private readonly Lock _gate = new();
    private readonly List<RepackSource> _inPack = []; // of the blocks in the open pack, one for each block and source

    /// <param name="footers">Reads what is in packs.</param>
    /// <param name="blocks">Reads blocks.</param>
    /// <param name="hasher">Names chunks.</param>
    /// <param name="places">Of each chunk, which copy is the one to take.</param>
    /// <param name="target">Where copies go; nobody else uses it until this is stopped.</param>
    /// <param name="blockSize">Raw bytes at which a block is full.</param>
    /// <param name="level">Zstd's.</param>
    /// <param name="stored">Hears of each pack that is durable, one at a time, from any thread.</param>
    /// <param name="cancelled">Ends it.</param>
    internal Repacker(FooterReader footers, BlockReader blocks, ChunkHasher hasher, PlaceChooser places, PackWriter target, int blockSize,
        int level, Action<PackContents> stored, CancellationToken cancelled)
    {
        (_footers, _blocks, _hasher, _places, _target, _stored, _cancelled) = (footers, blocks, hasher, places, target, stored, cancelled);
        _block = new RepackBlock(blockSize);
        _press = new BlockPress(blockSize, level, (block, payload, codec) =>
            Add(payload, (uint)block.Chunks.Raw.Length, codec, block.Chunks.Chunks, CollectionsMarshal.AsSpan(block.Sources)));
    }

    /// <summary>Packs of which all that is needed is in durable packs now. For when nothing is copied.</summary>
    internal List<PackEntry> Copied { get; } = [];

    /// <summary>Packs that could not be read: they stay.</summary>
    internal List<(PackEntry Pack, VarveException Reason)> Unreadable { get; } = [];

    /// <summary>Copies what is needed of a pack. What cannot be read leaves the pack as it is.</summary>
    internal void Copy(PackEntry pack)
    {
        var source = new RepackSource(pack);
        try
        {
            PackContents contents = _footers.Read(pack.Name, pack.Size);
            long at = PackLayout.HeaderLength;
            for (int n = 0; n < contents.Blocks.Count; n++)
            {
                _cancelled.ThrowIfCancellationRequested();
                PackedBlock block = contents.Blocks[n];
                CopyBlock(source, new BlockLocation(pack.Name, pack.Kind, (uint)n, at, block.StoredLength, block.RawLength, block.Codec),
                    block.Chunks);
                at += block.StoredLength;
            }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            Unreadable.Add((pack, e));
            return;
        }

        lock (_gate)
        {
            source.IsRead = true;
            if (source.Pending == 0) { Copied.Add(pack); }
        }
    }

    /// <summary>Makes all durable that was copied.</summary>
    internal void Finish()
    {
        CloseBlock();
        _press.Drain();
        lock (_gate) { if (_target.IsOpen) { Stored(_target.Finish()); } }
    }

    /// <summary>Gives up what is in no durable pack; after this the target is the caller's again.</summary>
    internal void Stop() => _press.Stop();

    private void CopyBlock(RepackSource source, in BlockLocation block, IReadOnlyList<PackedChunk> chunks)
    {
        int kept = 0;
        uint offset = 0;
        foreach (PackedChunk chunk in chunks)
        {
            if (_places.IsKept(source.Pack, chunk.Id, block.Number, offset)) { kept++; }
            offset += chunk.Length;
        }

        if (kept == 0) { return; }
        if (kept == chunks.Count)
        {
            ReadOnlySpan<byte> payload = _blocks.ReadPayload(in block, _buffers);
            lock (_gate) { source.Pending++; }
            Add(payload, block.RawLength, block.Codec, [.. chunks], [source]);
            return;
        }

        ReadOnlySpan<byte> raw = _blocks.Read(in block, _buffers);
        offset = 0;
        foreach (PackedChunk chunk in chunks)
        {
            ReadOnlySpan<byte> bytes = raw.Slice((int)offset, (int)chunk.Length);
            if (_places.IsKept(source.Pack, chunk.Id, block.Number, offset))
            {
                if (_hasher.Compute(bytes) != chunk.Id) { throw ChunkSource.Mismatch(chunk.Id, source.Pack.Name); }
                Append(source, chunk.Id, bytes);
            }

            offset += chunk.Length;
        }
    }

    private void Append(RepackSource source, in ChunkId id, ReadOnlySpan<byte> bytes)
    {
        if (!_block.Chunks.HasRoomFor(bytes.Length)) { CloseBlock(); }
        _block.Chunks.Append(id, bytes);
        if (_block.Sources is not [.., { } last] || last != source)
        {
            _block.Sources.Add(source);
            lock (_gate) { source.Pending++; }
        }

        if (_block.Chunks.IsFull) { CloseBlock(); }
    }

    private void CloseBlock()
    {
        if (!_block.Chunks.IsEmpty) { _block = _press.Exchange(_block); }
    }

    private void Add(ReadOnlySpan<byte> payload, uint rawLength, Codec codec, ReadOnlySpan<PackedChunk> chunks,
        ReadOnlySpan<RepackSource> sources)
    {
        lock (_gate)
        {
            PackContents? full = _target.Add(payload, rawLength, codec, chunks);
            _inPack.AddRange(sources);
            if (full is not null) { Stored(full); }
        }
    }

    private void Stored(PackContents pack)
    {
        _stored(pack);
        foreach (RepackSource source in _inPack)
        {
            source.Pending--;
            if (source is { Pending: 0, IsRead: true }) { Copied.Add(source.Pack); }
        }

        _inPack.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _press.Dispose();
}
