using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Seal;

/// <summary>
/// Names chunks: HMAC-SHA-256 under the chunk-id key (docs/format.md, 1). Thread-safe; no allocation per call once each thread has called.
/// It keeps keyed hashes for reuse: the one-shot call keys a new one each time, which for small files costs more than hashing them.
/// </summary>
public sealed class ChunkHasher
{
    private readonly byte[] _key;
    private readonly IdlePool<IncrementalHash> _idle = new();

    /// <summary>For one repository's chunk-id key (32 bytes), which it copies.</summary>
    public ChunkHasher(ReadOnlySpan<byte> chunkIdKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(chunkIdKey.Length, HMACSHA256.HashSizeInBytes);
        _key = chunkIdKey.ToArray();
    }

    /// <summary>The id of these bytes.</summary>
    public ChunkId Compute(ReadOnlySpan<byte> data)
    {
        Span<byte> value = stackalloc byte[HMACSHA256.HashSizeInBytes];
        IncrementalHash hash = _idle.Take() ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(data);
        hash.GetHashAndReset(value);
        _idle.Give(hash);
        return new ChunkId(value);
    }
}
