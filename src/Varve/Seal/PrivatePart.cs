using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Seal;

/// <summary>
/// The part of a record, a snapshot or a note, that names things: sealed to the repository's public key and bound to the public bytes
/// beside it (docs/format.md, 9), so that a key of level write can make it but not read it. Stateless, thread-safe.
/// </summary>
internal static class PrivatePart
{
    /// <summary>Seals the private part of a record of that kind.</summary>
    /// <exception cref="VarveException">Damaged: <paramref name="publicKey"/> is no P-256 point.</exception>
    internal static byte[] Seal(
        RecordKind kind, RepositoryId repository, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> publicBytes,
        ReadOnlySpan<byte> plaintext) =>
        Hpke.Seal(publicKey, Info(kind, repository), publicBytes, plaintext);

    /// <summary>The same with a given ephemeral key, which must never serve twice.</summary>
    internal static byte[] Seal(
        RecordKind kind, RepositoryId repository, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> publicBytes,
        ReadOnlySpan<byte> plaintext, ECDiffieHellman ephemeral) =>
        Hpke.Seal(ephemeral, publicKey, Info(kind, repository), publicBytes, plaintext);

    /// <summary>Opens it.</summary>
    /// <exception cref="VarveException">Damaged: it is not the private part of this repository's record with these public
    /// bytes.</exception>
    internal static byte[] Open(
        RecordKind kind, RepositoryId repository, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> publicBytes, ReadOnlySpan<byte> sealedPart) =>
        Hpke.Open(privateKey, publicKey, Info(kind, repository), publicBytes, sealedPart);

    private static byte[] Info(RecordKind kind, RepositoryId repository) => [.. kind.Label, .. repository.ToArray()];
}
