using Varve.Model;
using Varve.Pack;
using Varve.Repositories;
using Varve.Seal;

namespace Varve.Backup;

/// <summary>
/// Puts sealed blocks of one kind into packs and full packs on their edge. Each pack has its own random key, its blocks are sealed in order under their number:
/// sealing and appending happen under one lock, so a number is used once (invariant 3). Thread-safe.
/// </summary>
internal sealed class PackAssembler(PackKind kind, Repository repository, BoundedQueue<PackBuilder> builders, Edges edges, UploadLedger ledger) : IDisposable
{
    private readonly object _lock = new();
    private PackBuilder? _pack;
    private PackSealer? _sealer;

    /// <summary>Seals a block's payload into the open pack.</summary>
    internal void Add(ReadOnlySpan<byte> payload, uint rawLength, Codec codec, ReadOnlySpan<PackedChunk> chunks)
    {
        lock (_lock)
        {
            PackBuilder pack = _pack ?? Begin();
            int stored = payload.Length + PackSealer.BlockOverhead;
            _sealer!.SealBlock(pack.NextBlockNumber, codec, rawLength, payload, pack.Reserve(stored));
            pack.Commit(stored, rawLength, codec, chunks);
            if (pack.Length >= repository.Header.PackSize) { Finish(); }
        }
    }

    /// <summary>Sends the open pack off, however small: a checkpoint wants what it holds to be durable.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            if (_pack is not null) { Finish(); }
        }
    }

    private PackBuilder Begin()
    {
        if (!builders.Take(out PackBuilder pack)) { throw new OperationCanceledException(); }
        _sealer = PackSealer.Create(repository.Header.Id, kind, repository.Bundle.PublicKey);
        pack.Begin(kind, _sealer.Header.Span);
        return _pack = pack;
    }

    private void Finish()
    {
        PackBuilder pack = _pack!;
        pack.Finish(repository.Objects.Seal(ObjectType.Footer, _sealer!.Header.Span, pack.EncodeFooter()));
        _sealer.Dispose();
        _sealer = null;
        _pack = null;
        ledger.Sent();
        if (!edges.Packs.Put(new PackJob(pack, kind))) { throw new OperationCanceledException(); }
    }

    /// <inheritdoc/>
    public void Dispose() => _sealer?.Dispose();
}
