using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Platform;

namespace Varve.Delta;

/// <summary>
/// The strong hash of blocks: HMAC-SHA-256 under a secret key, cut to 128 bits. Content that was made to collide would need the key. It goes on from the two states that the key leads
/// to, as chunk ids do (docs/decisions/0014), which saves a microsecond of four; .NET's HMAC is the plain twin, and serves where libcrypto lacks the functions. One for each thread at a time;
/// no allocation per block.
/// </summary>
public sealed class BlockHasher : IDisposable
{
    private const int HashBlock = 64;

    private readonly LibCrypto.Sha256State _inner, _outer;
    private readonly IncrementalHash? _plain;

    /// <summary>For one repository's keys. <paramref name="isPlain"/>: only by .NET.</summary>
    internal BlockHasher(DeltaKeys keys, bool isPlain)
    {
        if (isPlain)
        {
            _plain = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys.Blocks);
            return;
        }

        Span<byte> block = stackalloc byte[HashBlock];
        _inner = LibCrypto.Sha256After(Pad(keys.Blocks, 0x36, block));
        _outer = LibCrypto.Sha256After(Pad(keys.Blocks, 0x5C, block));
        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>For one repository's keys.</summary>
    public BlockHasher(DeltaKeys keys) : this(keys, !LibCrypto.HasSha256) { }

    /// <summary>The hash of these bytes.</summary>
    public UInt128 Strong(ReadOnlySpan<byte> block)
    {
        Span<byte> value = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (_plain is not null)
        {
            _plain.AppendData(block);
            _plain.GetHashAndReset(value);
        }
        else
        {
            LibCrypto.Sha256Finish(in _inner, block, value);
            LibCrypto.Sha256Finish(in _outer, value, value);
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(value);
    }

    /// <summary>All that a signature says of a block.</summary>
    public BlockRecord Record(long offset, ReadOnlySpan<byte> block) => new(offset, block.Length, RollingSum.Of(block), Strong(block));

    /// <summary>Whether these are the bytes of a block.</summary>
    public bool Matches(in BlockRecord record, ReadOnlySpan<byte> bytes) => bytes.Length == record.Length && Strong(bytes) == record.Strong;

    private static Span<byte> Pad(ReadOnlySpan<byte> key, byte with, Span<byte> block)
    {
        block.Fill(with);
        for (int i = 0; i < key.Length; i++) { block[i] ^= key[i]; }
        return block;
    }

    /// <inheritdoc/>
    public void Dispose() => _plain?.Dispose();
}
