using System.Security.Cryptography;
using Varve.Model;
using Varve.Platform.Crypto;

namespace Varve.Seal;

/// <summary>
/// Names chunks: HMAC-SHA-256 under the chunk-id key (docs/format.md, 1). Thread-safe; no allocation per call.
/// It keeps the two states that the key leads to (RFC 2104: after key xor ipad, and after key xor opad) and goes on from copies of them.
/// .NET's keyed hash costs a microsecond more for each chunk, as much as hashing a small file; it is the plain twin,
/// <see cref="PlainChunkHasher"/>, which also serves where libcrypto lacks the functions.
/// </summary>
internal sealed class ChunkHasher
{
    private const int BlockSize = 64;

    private readonly LibCrypto.Sha256State _inner, _outer;
    private readonly PlainChunkHasher? _plain;

    /// <summary>For one repository's chunk-id key (32 bytes), which it copies.</summary>
    public ChunkHasher(ReadOnlySpan<byte> chunkIdKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(chunkIdKey.Length, HMACSHA256.HashSizeInBytes);
        if (!LibCrypto.HasSha256)
        {
            _plain = new PlainChunkHasher(chunkIdKey);
            return;
        }

        Span<byte> block = stackalloc byte[BlockSize];
        _inner = LibCrypto.Sha256After(Pad(chunkIdKey, 0x36, block));
        _outer = LibCrypto.Sha256After(Pad(chunkIdKey, 0x5C, block));
        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>The id of these bytes.</summary>
    public ChunkId Compute(ReadOnlySpan<byte> data)
    {
        if (_plain is not null) { return _plain.Compute(data); }
        Span<byte> value = stackalloc byte[HMACSHA256.HashSizeInBytes];
        LibCrypto.Sha256Finish(in _inner, data, value);
        LibCrypto.Sha256Finish(in _outer, value, value);
        return new ChunkId(value);
    }

    private static Span<byte> Pad(ReadOnlySpan<byte> key, byte with, Span<byte> block)
    {
        block.Fill(with);
        for (int i = 0; i < key.Length; i++) { block[i] ^= key[i]; }
        return block;
    }
}
