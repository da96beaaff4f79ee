using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;

namespace Varve.Seal;

/// <summary>
/// Seals or opens the segments of one object in order (docs/format.md, 5): it counts them itself, so that a nonce can neither repeat nor be
/// chosen. Nothing follows the last segment. Not thread-safe.
/// </summary>
internal sealed class SegmentCipher : IDisposable
{
    internal const int TagSize = SealLayout.TagLength;

    private const int NonceSize = SealLayout.NonceLength;

    private static readonly Subject s_footer = Subject.PartOnly("the footer");

    private readonly AesGcm _aes;
    private readonly ObjectType _type;
    private ulong _segment;
    private bool _ended;

    internal SegmentCipher(ObjectType type, ReadOnlySpan<byte> key)
    {
        _type = type;
        _aes = new AesGcm(key, TagSize);
    }

    /// <summary>What errors are about: a footer is a part of its pack, else it is the object, whose name is not known here.</summary>
    internal static Subject What(ObjectType type) => type == ObjectType.Footer ? s_footer : Subject.None;

    /// <summary>The error for a last segment that is no segment.</summary>
    internal static VarveException CutShort(ObjectType type, ulong segment) =>
        VarveException.Damaged(What(type), $"its last segment ({segment}) is cut short");

    /// <summary>Seals the next segment into <paramref name="destination"/>; returns its length there.</summary>
    internal int Seal(ReadOnlySpan<byte> plaintext, bool last, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNextNonce(last, nonce);
        _aes.Encrypt(nonce, plaintext, destination[..plaintext.Length], destination.Slice(plaintext.Length, TagSize), context);
        return plaintext.Length + TagSize;
    }

    /// <summary>Opens the next segment into <paramref name="destination"/>; returns its length there.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal int Open(ReadOnlySpan<byte> stored, bool last, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        ulong segment = _segment;
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNextNonce(last, nonce);
        int length = stored.Length - TagSize;

        // A last segment is empty only if it is also the first: otherwise one plaintext would have two sealed forms.
        if (length < 0 || (length == 0 && segment > 0)) { throw CutShort(_type, segment); }

        try { _aes.Decrypt(nonce, stored[..length], stored[length..], destination[..length], context); }
        catch (AuthenticationTagMismatchException)
        {
            throw VarveException.Damaged(What(_type), $"the tag of segment {segment} does not match");
        }

        return length;
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();

    private void WriteNextNonce(bool last, Span<byte> nonce)
    {
        if (_ended) { throw new InvalidOperationException("A segment follows the last."); }

        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce, _segment++);
        nonce[NonceSize - 1] = last ? (byte)1 : (byte)0;
        _ended = last;
    }
}
