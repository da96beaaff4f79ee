using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;

namespace Varve.Seal;

/// <summary>NIST P-256 keys between .NET and the encodings of the format. Thread-safe.</summary>
internal static class P256
{
    internal const int PointSize = SealLayout.PointLength;

    private const byte Uncompressed = 4;

    internal static ECDiffieHellman Generate() => ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    /// <exception cref="VarveException">Damaged: not 65 bytes, or not a point of the curve.</exception>
    internal static ECDiffieHellman ImportPublic(ReadOnlySpan<byte> point) =>
        Import(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = Decode(point) });

    /// <exception cref="VarveException">Damaged: no key pair of the curve.</exception>
    internal static ECDiffieHellman ImportPair(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point)
    {
        byte[] d = scalar.ToArray();
        try { return Import(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = Decode(point), D = d }); }
        finally { CryptographicOperations.ZeroMemory(d); }
    }

    /// <summary>The public key of a private one, uncompressed.</summary>
    internal static byte[] PublicOf(byte[] scalar)
    {
        using var pair = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        return ExportPublic(pair);
    }

    /// <summary>A private key, to sign with: a signature is <c>r || s</c>, 64 bytes.</summary>
    internal static ECDsa ImportSigner(byte[] scalar) =>
        ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });

    /// <exception cref="VarveException">Damaged: not 65 bytes, or not a point of the curve.</exception>
    internal static ECDsa ImportVerifier(ReadOnlySpan<byte> point)
    {
        try { return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = Decode(point) }); }
        catch (CryptographicException) { throw VarveException.Damaged(Subject.PartOnly("a public key"), "it is no point of the curve"); }
    }

    internal static byte[] ExportPublic(ECDiffieHellman key) => Encode(key.ExportParameters(includePrivateParameters: false).Q);

    private static byte[] Encode(ECPoint point) => [Uncompressed, .. point.X!, .. point.Y!];

    private static ECPoint Decode(ReadOnlySpan<byte> point)
    {
        if (point.Length != PointSize || point[0] != Uncompressed)
        {
            throw VarveException.Damaged(Subject.PartOnly("a public key"), "it is not an uncompressed P-256 point");
        }

        return new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() };
    }

    private static ECDiffieHellman Import(ECParameters parameters)
    {
        try { return ECDiffieHellman.Create(parameters); }
        catch (CryptographicException)
        {
            throw VarveException.Damaged(Subject.PartOnly("a public key"), "it is no point of the curve, or not that of its private key");
        }
    }
}
