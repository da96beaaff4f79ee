using System.Security.Cryptography;
using Varve.Model;
using Varve.Threads;

namespace Varve.Seal;

/// <summary>
/// What <see cref="ChunkHasher"/> computes, by .NET's own HMAC. Thread-safe; no allocation per call once each thread has called.
/// </summary>
#pragma warning disable CA1001 // It lives as long as the process, and what is idle in it ends with it.
internal sealed class PlainChunkHasher
#pragma warning restore CA1001
{
    private readonly byte[] _key;
    private readonly IdlePool<IncrementalHash> _idle = new();

    internal PlainChunkHasher(ReadOnlySpan<byte> chunkIdKey) => _key = chunkIdKey.ToArray();

    internal ChunkId Compute(ReadOnlySpan<byte> data)
    {
        Span<byte> value = stackalloc byte[HMACSHA256.HashSizeInBytes];
        IncrementalHash hash = _idle.Take() ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(data);
        hash.GetHashAndReset(value);
        _idle.Give(hash);
        return new ChunkId(value);
    }
}
