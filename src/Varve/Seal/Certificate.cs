using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Seal;

/// <summary>
/// What the issuing key says of an identity: its public key, its level and the label of the slot it was made for (docs/format.md, 4.2).
/// Immutable.
/// </summary>
/// <param name="Writer">Whose it is.</param>
/// <param name="PublicKey">The identity's public key, an uncompressed P-256 point.</param>
internal sealed record Certificate(WriterIdentity Writer, byte[] PublicKey)
{
    internal const int SignatureSize = 64;

    private const int PublicKeyTag = 1, LevelTag = 2, LabelTag = 3;
    private const ulong Single = 1 << PublicKeyTag | 1 << LevelTag | 1 << LabelTag;

    private static readonly Subject s_what = Subject.PartOnly("a certificate");

    /// <summary>What is certified.</summary>
    internal static byte[] Statement(ReadOnlySpan<byte> publicKey, KeyLevel level, string label)
    {
        var writer = new ByteWriter();
        var fields = new FieldWriter(writer, FieldReader.Strict);
        fields.Bytes(PublicKeyTag, publicKey);
        fields.Bytes(LevelTag, [(byte)level]);
        fields.Text(LabelTag, label);
        return writer.ToArray();
    }

    /// <summary>What the issuing key signs for a statement.</summary>
    internal static byte[] Signed(RepositoryId repository, ReadOnlySpan<byte> statement) =>
        [.. "varve/1 certificate"u8, .. repository.ToArray(), .. statement];

    /// <summary>A certificate's bytes.</summary>
    internal static byte[] Encode(ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature)
    {
        var writer = new ByteWriter(statement.Length + signature.Length + 4);
        writer.Bytes(statement);
        writer.Raw(signature);
        return writer.ToArray();
    }

    /// <summary>Reads a certificate; null unless the issuing key made it for this repository.</summary>
    internal static Certificate? Verify(RepositoryId repository, ReadOnlySpan<byte> issuingKey, ReadOnlySpan<byte> certificate)
    {
        try
        {
            var reader = new ByteReader(certificate, s_what);
            ReadOnlySpan<byte> statement = reader.Bytes();
            ReadOnlySpan<byte> signature = reader.Take(SignatureSize);
            reader.End();
            using ECDsa issuer = P256.ImportVerifier(issuingKey);
            return issuer.VerifyData(Signed(repository, statement), signature, HashAlgorithmName.SHA256) ? Parse(statement) : null;
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return null; }
    }

    /// <summary>The id of an identity.</summary>
    internal static Bytes32 IdOf(ReadOnlySpan<byte> publicKey) => new(SHA256.HashData(publicKey));

    private static Certificate Parse(ReadOnlySpan<byte> statement)
    {
        byte[]? key = null;
        byte level = 0;
        string label = "";
        var fields = new FieldReader(statement, s_what, Single);
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case PublicKeyTag when fields.Value.Length == SealLayout.PointLength: key = fields.Value.ToArray(); break;
                case LevelTag when fields.Value.Length == 1: level = fields.Value[0]; break;
                case LabelTag: label = fields.Text(); break;
                case PublicKeyTag or LevelTag: throw fields.Damaged();
                default: break;
            }
        }

        return key is not null && level is (byte)KeyLevel.Write or (byte)KeyLevel.Full
            ? new Certificate(new WriterIdentity(IdOf(key!), (KeyLevel)level, label), key!)
            : throw VarveException.Damaged(s_what, "a field is missing");
    }
}
