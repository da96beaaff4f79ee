namespace Varve.Format;

/// <summary>Sizes of what seals: keys, nonces, tags, and the segments of sealed objects (docs/format.md, 1 and 5).</summary>
internal static class SealLayout
{
    /// <summary>Every symmetric key, and the scalar of a private one.</summary>
    internal const int KeyLength = 32;

    /// <summary>An uncompressed P-256 point: a public key, and the <c>enc</c> that what is sealed to one begins with.</summary>
    internal const int PointLength = 65;

    /// <summary>A nonce of AES-GCM.</summary>
    internal const int NonceLength = 12;

    /// <summary>A tag of AES-GCM.</summary>
    internal const int TagLength = 16;

    /// <summary>The random bytes that a sealed object, or a key slot, derives its key from.</summary>
    internal const int SaltLength = 32;

    /// <summary>Plaintext bytes of every segment of a sealed object but the last.</summary>
    internal const int SegmentLength = 1 << 20;

    /// <summary>How much longer what is sealed to a public key is than its plaintext.</summary>
    internal const int HpkeOverhead = PointLength + TagLength;

    /// <summary>The sealed length of an object's plaintext: salt, and a tag for each segment, of which there is at least one.</summary>
    internal static long SealedLength(long plaintext)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintext);
        long segments = Math.Max(1, (plaintext / SegmentLength) + (plaintext % SegmentLength == 0 ? 0 : 1));
        return SaltLength + plaintext + (segments * TagLength);
    }
}
