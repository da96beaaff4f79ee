using System.Security.Cryptography;
using Varve.Format;

namespace Varve.Seal;

/// <summary>
/// DeriveKeyPair of RFC 9180, section 7.1.3, for DHKEM(P-256, HKDF-SHA256): the private key that some secret bytes come to.
/// </summary>
internal static class DerivedKeyPair
{
    private const int Candidates = 256;

    // The order of the group of P-256 (FIPS 186, D.1.2.3), big-endian.
    private static readonly byte[] s_order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    /// <summary>The scalar, big-endian. The caller zeroes it.</summary>
    internal static byte[] Of(ReadOnlySpan<byte> keyMaterial)
    {
        byte[] root = HpkeSuite.LabeledExtract(HpkeSuite.KemSuiteId, [], "dkp_prk"u8, keyMaterial);
        try
        {
            for (int counter = 0; counter < Candidates; counter++)
            {
                byte[] candidate = HpkeSuite.LabeledExpand(
                    HpkeSuite.KemSuiteId, root, "candidate"u8, [(byte)counter], SealLayout.KeyLength);
                if (candidate.AsSpan().SequenceCompareTo(s_order) < 0 && candidate.AsSpan().ContainsAnyExcept((byte)0)) { return candidate; }
            }
        }
        finally { CryptographicOperations.ZeroMemory(root); }

        throw new CryptographicException("no candidate is a key"); // once in 2^8192
    }
}
