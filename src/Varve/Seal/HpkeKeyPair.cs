namespace Varve.Seal;

/// <summary>A P-256 key pair in HPKE's encodings.</summary>
/// <param name="PublicKey">65 bytes: the uncompressed point.</param>
/// <param name="PrivateKey">32 bytes: the scalar, big-endian. A secret.</param>
public sealed record HpkeKeyPair(byte[] PublicKey, byte[] PrivateKey)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"P-256 {Convert.ToHexStringLower(PublicKey)}";
}
