using System.Buffers;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;

namespace Varve.Maintain.Repack;

/// <summary>Puts blocks of one kind into new packs, which are durable when they are full. Not thread-safe.</summary>
/// <param name="kind">Of which kind.</param>
/// <param name="packSize">Bytes from which on a pack is full.</param>
/// <param name="store">Where they go.</param>
/// <param name="content">Makes keys.</param>
/// <param name="objects">Seals footers.</param>
internal sealed class PackWriter(PackKind kind, long packSize, IStore store, ContentSealer content, ObjectSealer objects) : IDisposable
{
    private readonly PackBuilder _pack = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private PackSealer? _sealer;
    private IStagedObject? _staged;

    /// <summary>Whether something was added that is in no durable pack yet.</summary>
    internal bool IsOpen => _pack.IsBegun;

    /// <summary>Adds a block; the pack that is full by it and durable, or null.</summary>
    internal PackContents? Add(ReadOnlySpan<byte> payload, uint rawLength, Codec codec, ReadOnlySpan<PackedChunk> chunks)
    {
        if (!_pack.IsBegun)
        {
            _staged = store.Stage();
            _sealer = content.NewPack(kind);
            _pack.Begin(kind, _sealer.Header.Span);
        }

        int stored = payload.Length + PackSealer.BlockOverhead;
        _sealer!.SealBlock(_pack.NextBlockNumber, codec, rawLength, payload, _pack.Reserve(stored));
        _pack.Commit(stored, rawLength, codec, chunks);
        Drain();
        return _pack.Length >= packSize ? Finish() : null;
    }

    /// <summary>Makes the open pack durable, however small.</summary>
    internal PackContents Finish()
    {
        ReadOnlySpan<byte> footer = _pack.EncodeFooter();
        int length = (int)ObjectSealer.SealedLength(footer.Length);
        byte[] sealedFooter = ArrayPool<byte>.Shared.Rent(length);
        objects.Seal(ObjectType.Footer, _sealer!.Header.Span, footer, sealedFooter.AsSpan(0, length));
        _pack.Finish(sealedFooter.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(sealedFooter);
        Drain();
        Span<byte> name = stackalloc byte[Bytes32.Size];
        _hash.GetHashAndReset(name);
        PackContents contents = _pack.ToContents(new ObjectName(name));
        _staged!.Commit(ObjectKeys.Pack(contents.Name));
        Drop();
        return contents;
    }

    /// <summary>Gives up what is in no durable pack.</summary>
    internal void Drop()
    {
        _staged?.Dispose();
        _sealer?.Dispose();
        (_staged, _sealer) = (null, null);
        _pack.Reset();
    }

    private void Drain()
    {
        ReadOnlySpan<byte> bytes = _pack.Drain();
        _hash.AppendData(bytes);
        _staged!.Append(bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Drop();
        _hash.Dispose();
    }
}
