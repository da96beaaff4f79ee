using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;

namespace Varve.Seal;

/// <summary>
/// The composition of RFC 9180 for DHKEM(P-256, HKDF-SHA256) and HKDF-SHA256 in base mode, over the primitives of .NET. The AEAD is a
/// parameter because the RFC prints vectors for this KEM and KDF with AES-128-GCM only. Names follow the RFC. Immutable, thread-safe.
/// </summary>
internal sealed class HpkeSuite
{
    internal const ushort Aes128Gcm = 1, Aes256Gcm = 2;
    internal const int Overhead = SealLayout.HpkeOverhead;

    private const ushort KemId = 0x0010, KdfId = 0x0001;
    private const int HashSize = 32, NonceSize = SealLayout.NonceLength, TagSize = SealLayout.TagLength;
    private const byte BaseMode = 0;

    internal static readonly byte[] KemSuiteId = [.. "KEM"u8, 0x00, 0x10];

    private readonly byte[] _suiteId;
    private readonly int _keySize;

    internal HpkeSuite(ushort aead)
    {
        _keySize = aead switch { Aes128Gcm => 16, Aes256Gcm => 32, _ => throw new ArgumentOutOfRangeException(nameof(aead)) };
        _suiteId = [.. "HPKE"u8, KemId >> 8, KemId & 0xff, KdfId >> 8, KdfId & 0xff, (byte)(aead >> 8), (byte)aead];
    }

    /// <summary>Single-shot seal with a given ephemeral key, which must never serve twice.</summary>
    internal byte[] Seal(
        ECDiffieHellman ephemeral, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext)
    {
        using var recipient = P256.ImportPublic(publicKey);
        byte[] enc = P256.ExportPublic(ephemeral);
        using var aes = CreateContext(ephemeral, recipient, enc, publicKey, info, out byte[] nonce);

        var sealedText = new byte[enc.Length + plaintext.Length + TagSize];
        enc.CopyTo(sealedText, 0);
        aes.Encrypt(nonce, plaintext, sealedText.AsSpan(enc.Length, plaintext.Length), sealedText.AsSpan(^TagSize..), aad);
        return sealedText;
    }

    /// <summary>Single-shot open.</summary>
    internal byte[] Open(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> sealedText)
    {
        if (sealedText.Length < Overhead)
        {
            throw VarveException.Damaged(Subject.PartOnly("what is sealed to the public key"),
                $"it has {sealedText.Length} bytes, fewer than its overhead");
        }

        ReadOnlySpan<byte> enc = sealedText[..P256.PointSize];
        using var recipient = P256.ImportPair(privateKey, publicKey);
        using var ephemeral = P256.ImportPublic(enc);
        using var aes = CreateContext(recipient, ephemeral, enc, publicKey, info, out byte[] nonce);

        var plaintext = new byte[sealedText.Length - Overhead];
        try { aes.Decrypt(nonce, sealedText[P256.PointSize..^TagSize], sealedText[^TagSize..], plaintext, aad); }
        catch (AuthenticationTagMismatchException)
        {
            throw VarveException.Damaged(Subject.PartOnly("what is sealed to the public key"), "its tag does not match");
        }

        return plaintext;
    }

    // Encap or Decap, then KeySchedule. `own` is the pair whose private half is known, `other` the peer's public key.
    private AesGcm CreateContext(
        ECDiffieHellman own, ECDiffieHellman other, ReadOnlySpan<byte> enc, ReadOnlySpan<byte> recipientKey, ReadOnlySpan<byte> info,
        out byte[] nonce)
    {
        byte[] dh = own.DeriveRawSecretAgreement(other.PublicKey);
        byte[] eaePrk = LabeledExtract(KemSuiteId, [], "eae_prk"u8, dh);
        byte[] sharedSecret = LabeledExpand(KemSuiteId, eaePrk, "shared_secret"u8, [.. enc, .. recipientKey], HashSize);

        byte[] pskIdHash = LabeledExtract(_suiteId, [], "psk_id_hash"u8, []);
        byte[] infoHash = LabeledExtract(_suiteId, [], "info_hash"u8, info);
        byte[] context = [BaseMode, .. pskIdHash, .. infoHash];
        byte[] secret = LabeledExtract(_suiteId, sharedSecret, "secret"u8, []);
        byte[] key = LabeledExpand(_suiteId, secret, "key"u8, context, _keySize);
        nonce = LabeledExpand(_suiteId, secret, "base_nonce"u8, context, NonceSize);
        try { return new AesGcm(key, TagSize); }
        finally
        {
            CryptographicOperations.ZeroMemory(dh);
            CryptographicOperations.ZeroMemory(eaePrk);
            CryptographicOperations.ZeroMemory(sharedSecret);
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    internal static byte[] LabeledExtract(ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> ikm)
    {
        byte[] labeledIkm = [.. "HPKE-v1"u8, .. suiteId, .. label, .. ikm];
        var prk = new byte[HashSize];
        HKDF.Extract(HashAlgorithmName.SHA256, labeledIkm, salt, prk);
        CryptographicOperations.ZeroMemory(labeledIkm);
        return prk;
    }

    internal static byte[] LabeledExpand(
        ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> prk, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, int length)
    {
        Span<byte> lengthBytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(lengthBytes, (ushort)length);
        byte[] labeledInfo = [.. lengthBytes, .. "HPKE-v1"u8, .. suiteId, .. label, .. info];
        var output = new byte[length];
        HKDF.Expand(HashAlgorithmName.SHA256, prk, output, labeledInfo);
        return output;
    }
}
