using System.Security.Cryptography;
using Varve.Format;
using Varve.Keys;
using Varve.Seal;

namespace Varve.Vault.Open;

/// <summary>What seals in this machine's cache what was opened in the repository. Thread-safe.</summary>
/// <param name="Shared">For what every key reads.</param>
/// <param name="Own">For what only the full key reads; null without it.</param>
internal sealed record CacheSeals(ObjectSealer Shared, ObjectSealer? Own)
{
    /// <summary>By the secrets of a slot; null for one that cannot tell who signed what: others of the same machine can.</summary>
    internal static CacheSeals? Of(SecretBundle secrets) => secrets.IssuingKey is null ? null
        : new CacheSeals(Sealer(secrets, secrets.IndexKey, "varve/1 cache"u8),
            secrets.PrivateKey is { } key ? Sealer(secrets, [.. secrets.IndexKey, .. key], "varve/1 cache, private"u8) : null);

    private static ObjectSealer Sealer(SecretBundle secrets, byte[] from, ReadOnlySpan<byte> info)
    {
        Span<byte> key = stackalloc byte[SealLayout.KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, from, key, secrets.RepositoryId.ToArray(), info);
        var sealer = new ObjectSealer(secrets.RepositoryId, key);
        CryptographicOperations.ZeroMemory(key);
        return sealer;
    }
}
