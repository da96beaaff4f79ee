using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Seal;

/// <summary>
/// HPKE (RFC 9180), base mode, single-shot: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. What is sealed to a public key can be
/// opened with the private key only: not by the sealer either. Thread-safe.
/// </summary>
internal static class Hpke
{
    /// <summary>Length of a public key, and of the <c>enc</c> that a sealed text starts with.</summary>
    public const int PublicKeySize = P256.PointSize;

    /// <summary>How much longer a sealed text is than its plaintext.</summary>
    public const int Overhead = HpkeSuite.Overhead;

    private static readonly HpkeSuite Suite = new(HpkeSuite.Aes256Gcm);

    /// <summary>Seals to a public key: <c>enc || ciphertext || tag</c>, with a fresh ephemeral key.</summary>
    /// <exception cref="VarveException">Damaged: <paramref name="publicKey"/> is no point of the curve.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext)
    {
        using var ephemeral = P256.Generate();
        return Seal(ephemeral, publicKey, info, aad, plaintext);
    }

    /// <summary>The same with a given ephemeral key, which must never serve twice.</summary>
    internal static byte[] Seal(
        ECDiffieHellman ephemeral,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> info,
        ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext) =>
        Suite.Seal(ephemeral, publicKey, info, aad, plaintext);

    /// <summary>Opens what <c>Seal</c> made for this key pair with the same info and aad.</summary>
    /// <exception cref="VarveException">Damaged: one of the inputs is not what it was when it was sealed.</exception>
    public static byte[] Open(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> sealedText) =>
        Suite.Open(privateKey, publicKey, info, aad, sealedText);
}
