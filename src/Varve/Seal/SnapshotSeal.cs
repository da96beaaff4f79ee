using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Seal;

/// <summary>
/// The private part of a snapshot: sealed to the repository's public key and bound to the public bytes beside it (docs/format.md, 9), so
/// that a key of level write can make it but not read it. Thread-safe.
/// </summary>
internal static class SnapshotSeal
{
    /// <summary>Seals the private part.</summary>
    /// <exception cref="VarveException">Damaged: <paramref name="publicKey"/> is no P-256 point.</exception>
    public static byte[] SealPrivate(
        RepositoryId repository, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> publicBytes, ReadOnlySpan<byte> plaintext) =>
        Hpke.Seal(publicKey, Info(repository), publicBytes, plaintext);

    /// <summary>The same with a given ephemeral key, which must never serve twice.</summary>
    internal static byte[] SealPrivate(
        RepositoryId repository,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> publicBytes,
        ReadOnlySpan<byte> plaintext,
        ECDiffieHellman ephemeral) =>
        Hpke.Seal(ephemeral, publicKey, Info(repository), publicBytes, plaintext);

    /// <summary>Opens the private part.</summary>
    /// <exception cref="VarveException">Damaged: it is not the private part of this repository's snapshot with these public
    /// bytes.</exception>
    public static byte[] OpenPrivate(
        RepositoryId repository, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> publicBytes,
        ReadOnlySpan<byte> sealedPart) =>
        Hpke.Open(privateKey, publicKey, Info(repository), publicBytes, sealedPart);

    private static byte[] Info(RepositoryId repository) => [.. "varve/1 snapshot"u8, .. repository.ToArray()];
}
