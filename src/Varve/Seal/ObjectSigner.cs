using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Seal;

/// <summary>
/// Signs objects as one identity (docs/format.md, 5.1). Borrows its private key. Thread-safe.
/// </summary>
internal sealed class ObjectSigner(RepositoryId repository, byte[] privateKey, byte[] certificate, WriterIdentity writer)
{
    /// <summary>Whose signature it is.</summary>
    internal WriterIdentity Writer => writer;

    /// <summary>The signature part of an object with that magic and content.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> magic, ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SignedMessage.HashSize];
        SignedMessage.Hash(repository, magic, content, hash);
        var part = new ByteWriter(certificate.Length + Certificate.SignatureSize + 8);
        var fields = new FieldWriter(part, FieldReader.Strict);
        fields.Bytes(SignatureVerifier.CertificateTag, certificate);
        using ECDsa key = P256.ImportSigner(privateKey);
        fields.Bytes(SignatureVerifier.SignatureTag, key.SignHash(hash));
        return part.ToArray();
    }
}
