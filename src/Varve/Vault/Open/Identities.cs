using System.Security.Cryptography;
using Varve.Keys;
using Varve.Model;
using Varve.Seal;

namespace Varve.Vault.Open;

/// <summary>Gives key slots their identities (docs/format.md, 4.2).</summary>
internal static class Identities
{
    /// <summary>
    /// The bundle for a new slot, at most of the level of <paramref name="bundle"/>: with an identity of its own that a full key certified,
    /// or without one if there is no full key. The caller disposes it.
    /// </summary>
    internal static SecretBundle ForNewSlot(SecretBundle bundle, KeyLevel level, string label)
    {
        SecretBundle copy = level < bundle.Level ? bundle.ToWriteLevel() : bundle;
        if (bundle.PrivateKey is not { } privateKey) { return Copy(copy); }
        using var issuing = IssuingKey.Of(bundle.RepositoryId, privateKey);
        SecretBundle own = WithIdentity(copy, issuing, NewPrivateKey(), level, label);
        if (copy != bundle) { copy.Dispose(); }
        return own;
    }

    /// <summary>
    /// The bundle of an opened slot as it is used. A full one that is older than identities has one that follows from its name, so that
    /// everybody who opens it has the same. Takes the bundle over; the caller disposes what it gets.
    /// </summary>
    internal static SecretBundle Opened(SecretBundle bundle, ObjectName slot, string label)
    {
        if (bundle.Identity is not null || bundle.PrivateKey is not { } privateKey) { return bundle; }
        using var issuing = IssuingKey.Of(bundle.RepositoryId, privateKey);
        byte[] identity = IssuingKey.IdentityOf(bundle.RepositoryId, slot, privateKey);
        SecretBundle own = WithIdentity(bundle, issuing, identity, bundle.Level, label);
        bundle.Dispose();
        return own;
    }

    /// <summary>What signs as the identity of a bundle; null if it has none that the issuing key certified.</summary>
    internal static ObjectSigner? SignerOf(SecretBundle bundle) =>
        bundle.Identity is { } identity
        && Certificate.Verify(bundle.RepositoryId, bundle.IssuingKey, identity.Certificate) is { } certificate
            ? new ObjectSigner(bundle.RepositoryId, identity.PrivateKey, identity.Certificate, certificate.Writer) : null;

    private static SecretBundle Copy(SecretBundle bundle) =>
        bundle.Identity is { } identity
            ? bundle.WithIdentity([.. bundle.IssuingKey!], new SlotIdentity([.. identity.PrivateKey], [.. identity.Certificate]))
            : bundle.ToWriteLevel();

    private static SecretBundle WithIdentity(SecretBundle bundle, IssuingKey issuing, byte[] privateKey, KeyLevel level, string label) =>
        bundle.WithIdentity(issuing.PublicKey, new SlotIdentity(privateKey, issuing.Certify(P256.PublicOf(privateKey), level, label)));

    private static byte[] NewPrivateKey()
    {
        using ECDiffieHellman pair = P256.Generate();
        return pair.ExportParameters(includePrivateParameters: true).D!;
    }
}
