using System.Collections.Concurrent;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Seal;

/// <summary>
/// Tells who signed an object (docs/format.md, 5.1). <paramref name="issuingKey"/> is null for a key slot that is older than identities and
/// not a full one: it cannot tell. A certificate is verified once. Thread-safe.
/// </summary>
internal sealed class SignatureVerifier(RepositoryId repository, byte[]? issuingKey)
{
    internal const int CertificateTag = 1, SignatureTag = 2;
    private const ulong Single = 1 << CertificateTag | 1 << SignatureTag;

    /// <summary>So many certificates are remembered: more than a repository has slots.</summary>
    private const int MostKnown = 4096;

    private static readonly Subject s_what = Subject.PartOnly("its signature");

    private readonly ConcurrentDictionary<Bytes32, Certificate> _known = new();

    /// <summary>Whether it can tell who signed.</summary>
    internal bool CanTell => issuingKey is not null;

    /// <summary>What a signature part says of an object with that magic and content; an empty part is no signature.</summary>
    internal Signature Verify(ReadOnlySpan<byte> magic, ReadOnlySpan<byte> content, ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) { return Signature.None; }
        if (issuingKey is null) { return new Signature(SignatureState.Unknown, null); }
        ReadOnlySpan<byte> certificate = default, signature = default;
        try
        {
            var fields = new FieldReader(part, s_what, Single);
            while (fields.MoveNext())
            {
                if (fields.Tag == CertificateTag) { certificate = fields.Value; }
                else if (fields.Tag == SignatureTag) { signature = fields.Value; }
            }

            if (signature.Length != Certificate.SignatureSize || Known(certificate) is not { } known) { return Signature.Invalid; }
            Span<byte> hash = stackalloc byte[SignedMessage.HashSize];
            SignedMessage.Hash(repository, magic, content, hash);
            using ECDsa key = P256.ImportVerifier(known.PublicKey);
            return key.VerifyHash(hash, signature) ? new Signature(SignatureState.Valid, known.Writer) : Signature.Invalid;
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return Signature.Invalid; }
    }

    private Certificate? Known(ReadOnlySpan<byte> bytes)
    {
        var name = new Bytes32(SHA256.HashData(bytes));
        if (_known.TryGetValue(name, out Certificate? known)) { return known; }
        if (Certificate.Verify(repository, issuingKey, bytes) is not { } certificate) { return null; }
        if (_known.Count < MostKnown) { _known[name] = certificate; }
        return certificate;
    }
}
