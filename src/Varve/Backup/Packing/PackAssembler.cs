using System.Buffers;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;
using Varve.Threads;

namespace Varve.Backup.Packing;

/// <summary>
/// Puts sealed blocks of one kind into packs and full packs on their edge. Each pack has its own random key, its blocks are sealed in order
/// under their number: sealing and appending happen under one lock, so a number is used once (invariant 3). What is sealed goes to the
/// store's staged object at once, so that a pack takes no memory while it grows. Thread-safe.
/// </summary>
internal sealed class PackAssembler(PackKind kind, IPackOutput output, BoundedQueue<PackJob> packs, UploadLedger ledger) : IDisposable
{
    private readonly object _lock = new();
    private readonly PackBuilder _pack = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private PackSealer? _sealer;
    private IStagedObject? _staged;

    /// <summary>The same as <see cref="Add"/>, unless another thread is adding at the moment: then false.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> payload, uint rawLength, Codec codec, ReadOnlySpan<PackedChunk> chunks)
    {
        if (!Monitor.TryEnter(_lock)) { return false; }
        try { Add(payload, rawLength, codec, chunks); }
        finally { Monitor.Exit(_lock); }
        return true;
    }

    /// <summary>Seals a block's payload into the open pack.</summary>
    internal void Add(ReadOnlySpan<byte> payload, uint rawLength, Codec codec, ReadOnlySpan<PackedChunk> chunks)
    {
        lock (_lock)
        {
            if (!_pack.IsBegun) { Begin(); }
            int stored = payload.Length + PackSealer.BlockOverhead;
            _sealer!.SealBlock(_pack.NextBlockNumber, codec, rawLength, payload, _pack.Reserve(stored));
            _pack.Commit(stored, rawLength, codec, chunks);
            Drain();
            if (_pack.Length >= output.PackSize) { Finish(); }
        }
    }

    /// <summary>Sends the open pack off, however small: a checkpoint wants what it holds to be durable.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            if (_pack.IsBegun) { Finish(); }
        }
    }

    private void Begin()
    {
        _staged = output.Stage();
        _sealer = output.NewKey(kind);
        _pack.Begin(kind, _sealer.Header.Span);
    }

    private void Drain()
    {
        ReadOnlySpan<byte> bytes = _pack.Drain();
        _hash.AppendData(bytes);
        _staged!.Append(bytes);
    }

    private void Finish()
    {
        Seal(_pack.EncodeFooter());
        Drain();
        Span<byte> name = stackalloc byte[Bytes32.Size];
        _hash.GetHashAndReset(name);
        var job = new PackJob(_staged!, _pack.ToContents(new ObjectName(name)), ledger.Sent());
        _staged = null;
        _pack.Reset();
        _sealer!.Dispose();
        _sealer = null;
        if (packs.Put(job)) { return; }
        job.Staged.Dispose();
        throw new OperationCanceledException();
    }

    private void Seal(ReadOnlySpan<byte> footer)
    {
        int length = (int)ObjectSealer.SealedLength(footer.Length);
        byte[] stored = ArrayPool<byte>.Shared.Rent(length);
        output.SealFooter(_sealer!.Header.Span, footer, stored.AsSpan(0, length));
        _pack.Finish(stored.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(stored);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _staged?.Dispose();
        _sealer?.Dispose();
        _hash.Dispose();
    }
}
