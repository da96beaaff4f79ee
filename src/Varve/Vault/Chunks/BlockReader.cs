using System.Buffers;
using System.Collections.Concurrent;
using Varve.Format;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Platform.Zstd;
using Varve.Seal;
using Varve.Store;
using Varve.Vault.Open;

namespace Varve.Vault.Chunks;

/// <summary>
/// Fetches, opens and decodes blocks into the caller's buffer. Thread-safe. Opened pack keys are kept, up to a bound, because opening one
/// costs an elliptic-curve operation. Needs the full key.
/// </summary>
internal sealed class BlockReader(IStore store, ContentSealer content) : IDisposable
{
    private const int MaxOpeners = 1024;

    private readonly ConcurrentDictionary<ObjectName, PackOpener> _openers = new();
    private readonly ConcurrentBag<ZstdDecompressor> _decompressors = [];

    /// <summary>
    /// Decodes a block into buffers that the caller reuses; what it returns is valid until the next call with them. Allocates nothing once
    /// they have grown.
    /// </summary>
    /// <exception cref="VarveException">Damaged, naming the pack; NotFound if the pack is missing; WrongKey without the full
    /// key.</exception>
    internal ReadOnlySpan<byte> Read(scoped in BlockLocation block, BlockBuffers buffers)
    {
        Require(in block);
        Span<byte> raw = buffers.Raw(block.RawLength);
        Read(in block, buffers.Stored(block.StoredLength), raw);
        return raw;
    }

    /// <summary>Decodes a block; <paramref name="raw"/> must be exactly as long as the block's raw length.</summary>
    /// <inheritdoc cref="Read(in BlockLocation, BlockBuffers)"/>
    internal void Read(in BlockLocation block, Span<byte> raw)
    {
        Require(in block);
        byte[] stored = ArrayPool<byte>.Shared.Rent((int)block.StoredLength);
        try { Read(in block, stored.AsSpan(0, (int)block.StoredLength), raw); }
        finally { ArrayPool<byte>.Shared.Return(stored); }
    }

    /// <summary>
    /// Opens a block and leaves it compressed, as it was sealed; what it returns is valid until the next call with these buffers.
    /// </summary>
    /// <inheritdoc cref="Read(in BlockLocation, BlockBuffers)"/>
    internal ReadOnlySpan<byte> ReadPayload(scoped in BlockLocation block, BlockBuffers buffers)
    {
        Require(in block);
        PackOpener opener = Opener(block.Pack, block.Kind);
        Span<byte> stored = buffers.Stored(block.StoredLength);
        store.GetRange(opener.Pack.Name, block.Offset, stored);
        if (stored.Length < SealLayout.TagLength) { throw VarveException.Damaged(opener.Pack, "a block is shorter than its tag"); }
        Span<byte> payload = stored[..^SealLayout.TagLength];
        opener.OpenBlock(block.Number, block.Codec, block.RawLength, stored, payload);
        return payload;
    }

    /// <summary>Decodes a block whose stored bytes are at hand; they are decrypted where they are, and so lost.</summary>
    internal void Decode(PackOpener opener, in BlockLocation block, Span<byte> stored, Span<byte> raw)
    {
        try
        {
            if (stored.Length < SealLayout.TagLength) { throw VarveException.Damaged(Subject.None, "it is shorter than its tag"); }
            Span<byte> frame = stored[..^SealLayout.TagLength];
            if (block.Codec == Codec.Raw)
            {
                if (frame.Length != raw.Length) { throw VarveException.Damaged(Subject.None, "it is not as long as its raw bytes"); }
                opener.OpenBlock(block.Number, block.Codec, block.RawLength, stored, raw);
                return;
            }

            opener.OpenBlock(block.Number, block.Codec, block.RawLength, stored, frame);
            if (!_decompressors.TryTake(out ZstdDecompressor? zstd)) { zstd = new ZstdDecompressor(); }
            try { zstd.Decompress(frame, raw); }
            finally { _decompressors.Add(zstd); }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(opener.Pack.Within($"block {block.Number}")); }
    }

    /// <summary>Opens a pack's key from its header.</summary>
    internal PackOpener Open(ObjectName pack, ReadOnlySpan<byte> header, PackKind kind)
    {
        Subject subject = Subject.Object(ObjectKeys.Pack(pack));
        if (PackHeader.Parse(header, subject) != kind)
        {
            throw VarveException.Damaged(subject, "it is of another kind than the index says");
        }
        return content.OpenPack(header, subject);
    }

    /// <summary>Refuses a block that would take more memory than any may.</summary>
    /// <exception cref="VarveException">Damaged, naming the pack.</exception>
    internal static void RequireLengths(in BlockLocation block)
    {
        if (block.RawLength <= Limits.MaxBlock && block.StoredLength <= Limits.MaxBlock + 1024) { return; }
        throw VarveException.Damaged(Subject.Object(ObjectKeys.Pack(block.Pack)).Within($"block {block.Number}"),
            $"it claims {Math.Max(block.RawLength, block.StoredLength)} bytes");
    }

    private void Require(in BlockLocation block)
    {
        Access.RequireFull(content.CanOpen, "reading what is stored");
        RequireLengths(in block);
    }

    private void Read(in BlockLocation block, Span<byte> stored, Span<byte> raw)
    {
        PackOpener opener = Opener(block.Pack, block.Kind);
        store.GetRange(opener.Pack.Name, block.Offset, stored);
        Decode(opener, in block, stored, raw);
    }

    private PackOpener Opener(ObjectName pack, PackKind kind)
    {
        if (_openers.TryGetValue(pack, out PackOpener? opener)) { return opener; }
        Span<byte> header = stackalloc byte[PackLayout.HeaderLength];
        store.GetRange(ObjectKeys.Pack(pack), 0, header);
        if (_openers.Count >= MaxOpeners)
        {
            // Not disposed: another thread may be using one. The collector takes them.
            _openers.Clear();
        }

        return _openers.GetOrAdd(pack, Open(pack, header, kind));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PackOpener opener in _openers.Values) { opener.Dispose(); }
        foreach (ZstdDecompressor zstd in _decompressors) { zstd.Dispose(); }
    }
}
