using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Seal;

namespace Varve.Tests.Seal;

/// <summary>A key pair of HPKE, random or as RFC 9180 derives it.</summary>
internal sealed record HpkePair(byte[] PublicKey, byte[] PrivateKey)
{
    internal static HpkePair Generate()
    {
        using var key = P256.Generate();
        return new HpkePair(P256.ExportPublic(key), key.ExportParameters(includePrivateParameters: true).D!);
    }

    /// <summary>The pair of a private key.</summary>
    internal static ECDiffieHellman Import(byte[] scalar) =>
        ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });

    /// <summary>The private key that DeriveKeyPair of section 7.1.3 makes.</summary>
    internal static byte[] Derive(byte[] ikm)
    {
        byte[] order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        byte[] suite = [.. "HPKE-v1KEM"u8, 0x00, 0x10],
            prk = HKDF.Extract(HashAlgorithmName.SHA256, [.. suite, .. "dkp_prk"u8, .. ikm], []);
        for (byte counter = 0; ; counter++)
        {
            var length = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(length, 32);
            byte[] scalar = HKDF.Expand(HashAlgorithmName.SHA256, prk, 32, [.. length, .. suite, .. "candidate"u8, counter]);
            if (scalar.AsSpan().ContainsAnyExcept((byte)0) && scalar.AsSpan().SequenceCompareTo(order) < 0) { return scalar; }
        }
    }
}
