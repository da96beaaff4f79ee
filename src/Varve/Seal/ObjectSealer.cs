using System.Buffers;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;

namespace Varve.Seal;

/// <summary>
/// Seals and opens objects under the index key: footers, index runs, snapshots, condemned lists (docs/format.md, 5). Invariants: each
/// object has its own key, derived from a fresh salt, so that nonces, which count segments, never repeat under a key; repository, type and
/// context are authenticated with every segment, its place and whether it is the last by its nonce. Immutable and thread-safe.
/// </summary>
internal sealed class ObjectSealer
{
    /// <summary>Plaintext bytes of every segment but the last.</summary>
    public const int SegmentSize = SealLayout.SegmentLength;

    internal const int SaltSize = SealLayout.SaltLength;

    private const int KeySize = SealLayout.KeyLength;

    private readonly RepositoryId _repository;
    private readonly byte[] _indexKey;

    /// <summary>For one repository; copies the key.</summary>
    public ObjectSealer(RepositoryId repository, ReadOnlySpan<byte> indexKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(indexKey.Length, KeySize);
        _repository = repository;
        _indexKey = indexKey.ToArray();
    }

    /// <summary>The sealed length of a plaintext of <paramref name="plainLength"/> bytes.</summary>
    public static long SealedLength(long plainLength) => SealLayout.SealedLength(plainLength);

    /// <summary>Seals a plaintext.</summary>
    public byte[] Seal(ObjectType type, ReadOnlySpan<byte> context, ReadOnlySpan<byte> plaintext)
    {
        var result = new byte[checked((int)SealedLength(plaintext.Length))];
        Seal(type, context, plaintext, result);
        return result;
    }

    /// <summary>
    /// Seals a plaintext into a place that is exactly as long as <see cref="SealedLength"/> says. Allocates nothing that grows with it.
    /// </summary>
    public void Seal(ObjectType type, ReadOnlySpan<byte> context, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        Span<byte> salt = stackalloc byte[SaltSize];
        RandomNumberGenerator.Fill(salt);
        Seal(type, context, plaintext, salt, destination);
    }

    /// <summary>The same with a given salt, which must never serve twice.</summary>
    internal void Seal(
        ObjectType type, ReadOnlySpan<byte> context, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> salt, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, SealedLength(plaintext.Length));
        salt[..SaltSize].CopyTo(destination);
        using SegmentCipher cipher = CreateCipher(type, destination[..SaltSize]);
        Span<byte> rest = destination[SaltSize..];
        bool last;
        do
        {
            int length = Math.Min(plaintext.Length, SegmentSize);
            last = length == plaintext.Length;
            int written = cipher.Seal(plaintext[..length], last, context, rest);
            plaintext = plaintext[length..];
            rest = rest[written..];
        }
        while (!last);
    }

    /// <summary>Seals a plaintext of any length from a stream, read to its end, in bounded memory.</summary>
    public void Seal(ObjectType type, ReadOnlySpan<byte> context, Stream plaintext, Stream destination)
    {
        Span<byte> salt = stackalloc byte[SaltSize];
        RandomNumberGenerator.Fill(salt);
        using SegmentCipher cipher = CreateCipher(type, salt);
        destination.Write(salt);
        byte[] stored = ArrayPool<byte>.Shared.Rent(SegmentSize + SegmentCipher.TagSize);
        try
        {
            foreach (SegmentReader.Segment segment in new SegmentReader(plaintext, SegmentSize))
            {
                destination.Write(stored.AsSpan(0, cipher.Seal(segment.Bytes, segment.IsLast, context, stored)));
            }
        }
        finally { ArrayPool<byte>.Shared.Return(stored); }
    }

    /// <summary>
    /// Opens what <see cref="Seal(ObjectType, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> made with the same type and context.
    /// </summary>
    /// <exception cref="VarveException">Damaged: any byte of it, of its context or its type differs, or some are missing.</exception>
    public byte[] Open(ObjectType type, ReadOnlySpan<byte> context, ReadOnlySpan<byte> sealedObject)
    {
        var plaintext = new byte[Math.Max(0, sealedObject.Length - SaltSize)];
        return plaintext[..Open(type, context, sealedObject, plaintext)];
    }

    /// <summary>The same into a buffer, which may be as long as the sealed object; returns the plaintext's length.</summary>
    /// <inheritdoc cref="Open(ObjectType, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    internal int Open(ObjectType type, ReadOnlySpan<byte> context, ReadOnlySpan<byte> sealedObject, Span<byte> destination)
    {
        CheckSalt(type, sealedObject.Length);
        using SegmentCipher cipher = CreateCipher(type, sealedObject[..SaltSize]);
        ReadOnlySpan<byte> rest = sealedObject[SaltSize..];
        const int storedSize = SegmentSize + SegmentCipher.TagSize;
        int segments = Math.Max(1, (rest.Length / storedSize) + (rest.Length % storedSize == 0 ? 0 : 1));
        if (rest.Length - ((segments - 1) * storedSize) < (segments == 1 ? SegmentCipher.TagSize : SegmentCipher.TagSize + 1))
        {
            throw SegmentCipher.CutShort(type, (ulong)segments - 1);
        }

        int total = rest.Length - (segments * SegmentCipher.TagSize);
        bool last;
        do
        {
            int length = Math.Min(rest.Length, storedSize);
            last = length == rest.Length;
            int written = cipher.Open(rest[..length], last, context, destination);
            rest = rest[length..];
            destination = destination[written..];
        }
        while (!last);
        return total;
    }

    /// <summary>
    /// Opens a sealed object of any length, read to the stream's end, in bounded memory. Each segment is authentic when it is written to
    /// <paramref name="destination"/>, but that the object is whole is known only when this returns: until then nothing may use it.
    /// </summary>
    /// <exception cref="VarveException">Damaged, as for the other overload.</exception>
    public void Open(ObjectType type, ReadOnlySpan<byte> context, Stream source, Stream destination)
    {
        Span<byte> salt = stackalloc byte[SaltSize];
        CheckSalt(type, source.ReadAtLeast(salt, SaltSize, throwOnEndOfStream: false));
        using SegmentCipher cipher = CreateCipher(type, salt);
        byte[] plaintext = ArrayPool<byte>.Shared.Rent(SegmentSize);
        try
        {
            foreach (SegmentReader.Segment segment in new SegmentReader(source, SegmentSize + SegmentCipher.TagSize))
            {
                destination.Write(plaintext.AsSpan(0, cipher.Open(segment.Bytes, segment.IsLast, context, plaintext)));
            }
        }
        finally { ArrayPool<byte>.Shared.Return(plaintext, clearArray: true); }
    }

    private static void CheckSalt(ObjectType type, int length)
    {
        if (length < SaltSize) { throw VarveException.Damaged(SegmentCipher.What(type), "it is shorter than its salt"); }
    }

    private SegmentCipher CreateCipher(ObjectType type, ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[KeySize];
        byte[] info = [.. "varve/1 object"u8, .. _repository.ToArray(), (byte)type];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _indexKey, key, salt, info);
        var cipher = new SegmentCipher(type, key);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }
}
