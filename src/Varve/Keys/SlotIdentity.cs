namespace Varve.Keys;

/// <summary>A key slot's identity (docs/format.md, 4.2): what signs for it. The arrays are not to be changed.</summary>
/// <param name="PrivateKey">A P-256 scalar, big-endian.</param>
/// <param name="Certificate">What the issuing key says of its public key.</param>
internal sealed record SlotIdentity(byte[] PrivateKey, byte[] Certificate);
