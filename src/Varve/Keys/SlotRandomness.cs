using System.Security.Cryptography;
using Varve.Format;

namespace Varve.Keys;

/// <summary>
/// What is random in a key slot (docs/format.md, 4). It is a type of its own so that tests can make a slot that is published byte for byte.
/// </summary>
internal sealed record SlotRandomness(byte[] Salt, byte[] Nonce)
{
    /// <summary>New random bytes.</summary>
    internal static SlotRandomness Fresh() =>
        new(RandomNumberGenerator.GetBytes(KeySlotJson.SaltSize), RandomNumberGenerator.GetBytes(SealLayout.NonceLength));
}
