using System.Security.Cryptography;
using Varve.Model;

namespace Varve.Seal;

/// <summary>
/// The key that certifies identities (docs/format.md, 4.2). It is made of the repository's private key, so that every full key has the same
/// one and none had to be given to slots that were made before. Thread-safe until disposed, which zeroes it.
/// </summary>
internal sealed class IssuingKey : IDisposable
{
    private readonly RepositoryId _repository;
    private readonly byte[] _privateKey;

    private IssuingKey(RepositoryId repository, byte[] privateKey)
    {
        (_repository, _privateKey) = (repository, privateKey);
        PublicKey = P256.PublicOf(privateKey);
    }

    /// <summary>What verifies certificates: an uncompressed P-256 point.</summary>
    internal byte[] PublicKey { get; }

    /// <summary>That of a repository, whose private key is given.</summary>
    internal static IssuingKey Of(RepositoryId repository, ReadOnlySpan<byte> privateKey) =>
        new(repository, Derive("varve/1 issuing key"u8, repository, [], privateKey));

    /// <summary>
    /// The private key of the identity of a slot of level full that was made before identities were: whoever opens that slot has it.
    /// </summary>
    internal static byte[] IdentityOf(RepositoryId repository, ObjectName slot, ReadOnlySpan<byte> privateKey) =>
        Derive("varve/1 identity"u8, repository, slot.Value.ToArray(), privateKey);

    /// <summary>A certificate for an identity.</summary>
    internal byte[] Certify(ReadOnlySpan<byte> publicKey, KeyLevel level, string label) =>
        Certify(Certificate.Statement(publicKey, level, label));

    /// <summary>A certificate of what is stated.</summary>
    internal byte[] Certify(ReadOnlySpan<byte> statement)
    {
        using ECDsa key = P256.ImportSigner(_privateKey);
        return Certificate.Encode(statement, key.SignData(Certificate.Signed(_repository, statement), HashAlgorithmName.SHA256));
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_privateKey);

    private static byte[] Derive(ReadOnlySpan<byte> label, RepositoryId repository, ReadOnlySpan<byte> more, ReadOnlySpan<byte> privateKey)
    {
        byte[] material = [.. label, .. repository.ToArray(), .. more, .. privateKey];
        try { return DerivedKeyPair.Of(material); }
        finally { CryptographicOperations.ZeroMemory(material); }
    }
}
