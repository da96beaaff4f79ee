using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Varve.Store.Remote;

/// <summary>
/// Names whose owner can prove that they are his: each is a hash of a secret, which is shown to the store and to nobody else. So whoever
/// serves a store keeps no account of who may replace what. Thread-safe.
/// </summary>
internal sealed class OwnedNames
{
    private const int SecretBytes = 32, NameBytes = 16;

    private readonly ConcurrentDictionary<string, string> _secrets = new(StringComparer.Ordinal);

    /// <summary>Makes a name, of 32 hexadecimal digits.</summary>
    internal string Create()
    {
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)), name = NameOf(secret)!;
        _secrets[name] = secret;
        return name;
    }

    /// <summary>The secret of the name that ends a key; null if it was not made here.</summary>
    internal string? SecretOf(string key) => _secrets.GetValueOrDefault(key[(key.LastIndexOf('/') + 1)..]);

    /// <summary>The name that belongs to a secret; null if it is none.</summary>
    internal static string? NameOf(string secret)
    {
        if (secret.Length != 2 * SecretBytes || !secret.All(char.IsAsciiHexDigitLower)) { return null; }
        return Convert.ToHexStringLower(SHA256.HashData([.. "varve-owner\0"u8, .. Convert.FromHexString(secret)])[..NameBytes]);
    }
}
