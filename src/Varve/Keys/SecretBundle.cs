using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Keys;

/// <summary>
/// The secrets of a repository at one level (docs/format.md, 4). A write bundle never holds the private key, so what it seals it cannot
/// open. Immutable until disposed, which zeroes the secrets; the arrays are not to be changed. Thread-safe.
/// </summary>
internal sealed class SecretBundle : IDisposable
{
    /// <summary>Length of the chunk-id, chunker, index and private keys.</summary>
    public const int KeySize = SealLayout.KeyLength;

    /// <summary>Length of the public key.</summary>
    public const int PublicKeySize = SealLayout.PointLength;

    private const int LevelTag = 1, RepositoryTag = 2, ChunkIdKeyTag = 3, ChunkerKeyTag = 4, IndexKeyTag = 5, PublicKeyTag = 6,
        PrivateKeyTag = 7, HeaderTag = 8, IssuingKeyTag = 9, IdentityTag = 10, CertificateTag = 11;
    private const ulong Single = (1 << CertificateTag + 1) - 1;
    private static readonly Subject s_what = Subject.PartOnly("the bundle");

    private SecretBundle(
        KeyLevel level, RepositoryId repositoryId, byte[] chunkIdKey, byte[] chunkerKey, byte[] indexKey, byte[] publicKey,
        byte[]? privateKey, byte[] headerJson)
    {
        Level = level;
        RepositoryId = repositoryId;
        ChunkIdKey = chunkIdKey;
        ChunkerKey = chunkerKey;
        IndexKey = indexKey;
        PublicKey = publicKey;
        PrivateKey = privateKey;
        HeaderJson = headerJson;
    }

    /// <summary>What it allows.</summary>
    public KeyLevel Level { get; }

    /// <summary>Whose secrets these are.</summary>
    public RepositoryId RepositoryId { get; }

    /// <summary>Names chunks.</summary>
    public byte[] ChunkIdKey { get; }

    /// <summary>Places the cuts of content.</summary>
    public byte[] ChunkerKey { get; }

    /// <summary>Seals indexes, snapshots, condemned lists and footers.</summary>
    public byte[] IndexKey { get; }

    /// <summary>The P-256 point that content is sealed to, uncompressed.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Its scalar, big-endian; null below level full.</summary>
    public byte[]? PrivateKey { get; }

    /// <summary>The bytes of the object <c>varve</c> at the repository's creation.</summary>
    public byte[] HeaderJson { get; }

    /// <summary>What verifies certificates of identities, a P-256 point; null in a slot that is older than identities.</summary>
    public byte[]? IssuingKey { get; private init; }

    /// <summary>Whom the slot signs as; null in a slot that is older than identities.</summary>
    public SlotIdentity? Identity { get; private init; }

    /// <summary>New random secrets at level full, without an identity.</summary>
    public static SecretBundle Create(RepositoryId repository, byte[] headerJson)
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        ECParameters parameters = pair.ExportParameters(includePrivateParameters: true);
        return new SecretBundle(
            KeyLevel.Full,
            repository,
            RandomNumberGenerator.GetBytes(KeySize),
            RandomNumberGenerator.GetBytes(KeySize),
            RandomNumberGenerator.GetBytes(KeySize),
            [4, .. parameters.Q.X!, .. parameters.Q.Y!],
            parameters.D!,
            [.. headerJson]);
    }

    /// <summary>
    /// Secrets that are known. <paramref name="pair"/>: the private key at level full, of which the public one is made; else the public
    /// one.
    /// </summary>
    /// <exception cref="VarveException">Damaged: it is no private key.</exception>
    internal static SecretBundle Of(
        KeyLevel level, RepositoryId repository, byte[] chunkIdKey, byte[] chunkerKey, byte[] indexKey, byte[] pair, byte[] headerJson) =>
        new(level, repository, chunkIdKey, chunkerKey, indexKey, level == KeyLevel.Full ? PublicOf(pair) : pair,
            level == KeyLevel.Full ? pair : null, headerJson);

    /// <summary>A copy without the private key and without identity, to give to machines that only back up.</summary>
    public SecretBundle ToWriteLevel() => new(
        KeyLevel.Write, RepositoryId, [.. ChunkIdKey], [.. ChunkerKey], [.. IndexKey], [.. PublicKey], privateKey: null, [.. HeaderJson]);

    /// <summary>A copy that signs as somebody. It owns what it is given.</summary>
    public SecretBundle WithIdentity(byte[] issuingKey, SlotIdentity identity) => new(
        Level, RepositoryId, [.. ChunkIdKey], [.. ChunkerKey], [.. IndexKey], [.. PublicKey], (byte[]?)PrivateKey?.Clone(), [.. HeaderJson])
    {
        IssuingKey = issuingKey,
        Identity = identity,
    };

    /// <summary>The bundle's fields. The caller zeroes them after use.</summary>
    public byte[] Encode()
    {
        // Room for all of it: growing would leave secrets in the buffer before.
        var writer = new ByteWriter((7 * KeySize) + (2 * PublicKeySize) + HeaderJson.Length + (Identity?.Certificate.Length ?? 0) + 64);
        var fields = new FieldWriter(writer, FieldReader.Strict);
        fields.Bytes(LevelTag, [(byte)Level]);
        fields.Bytes(RepositoryTag, RepositoryId.ToArray());
        fields.Bytes(ChunkIdKeyTag, ChunkIdKey);
        fields.Bytes(ChunkerKeyTag, ChunkerKey);
        fields.Bytes(IndexKeyTag, IndexKey);
        fields.Bytes(PublicKeyTag, PublicKey);
        if (PrivateKey is not null) { fields.Bytes(PrivateKeyTag, PrivateKey); }

        fields.Bytes(HeaderTag, HeaderJson);
        if (IssuingKey is not null) { fields.Bytes(IssuingKeyTag, IssuingKey); }

        if (Identity is not null)
        {
            fields.Bytes(IdentityTag, Identity.PrivateKey);
            fields.Bytes(CertificateTag, Identity.Certificate);
        }

        byte[] bytes = writer.ToArray();
        writer.Wipe();
        return bytes;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; skips fields it does not know.</summary>
    /// <exception cref="VarveException">Damaged: a field that it knows is missing, repeated or has the wrong length, or level and private
    /// key disagree.</exception>
    public static SecretBundle Decode(ReadOnlySpan<byte> fields)
    {
        byte[]?[] values = new byte[]?[CertificateTag + 1];
        var reader = new FieldReader(fields, s_what, Single);
        while (reader.MoveNext())
        {
            if (reader.Tag is >= LevelTag and <= CertificateTag) { values[reader.Tag] = reader.Value.ToArray(); }
        }

        byte level = Require(values, LevelTag, 1)[0];
        if (level is not ((byte)KeyLevel.Write or (byte)KeyLevel.Full))
        {
            throw VarveException.Damaged(s_what, $"there is no level {level}");
        }

        if ((level == (byte)KeyLevel.Full) != (values[PrivateKeyTag] is not null))
        {
            throw VarveException.Damaged(s_what, "its level and its private key disagree");
        }

        return new SecretBundle(
            (KeyLevel)level,
            new RepositoryId(Require(values, RepositoryTag, RepositoryId.Size)),
            Require(values, ChunkIdKeyTag, KeySize),
            Require(values, ChunkerKeyTag, KeySize),
            Require(values, IndexKeyTag, KeySize),
            Require(values, PublicKeyTag, PublicKeySize),
            values[PrivateKeyTag] is null ? null : Require(values, PrivateKeyTag, KeySize),
            values[HeaderTag] ?? throw VarveException.Damaged(s_what, $"field {HeaderTag} is missing"))
        {
            IssuingKey = values[IssuingKeyTag] is null ? null : Require(values, IssuingKeyTag, PublicKeySize),
            Identity = IdentityOf(values),
        };
    }

    /// <summary>Zeroes the secrets.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(ChunkIdKey);
        CryptographicOperations.ZeroMemory(ChunkerKey);
        CryptographicOperations.ZeroMemory(IndexKey);
        CryptographicOperations.ZeroMemory(PrivateKey);
        CryptographicOperations.ZeroMemory(Identity?.PrivateKey);
    }

    private static SlotIdentity? IdentityOf(byte[]?[] values)
    {
        if (values[IdentityTag] is null && values[CertificateTag] is null) { return null; }
        Require(values, IssuingKeyTag, PublicKeySize);
        byte[] certificate = values[CertificateTag]
            ?? throw VarveException.Damaged(s_what, $"field {CertificateTag} is missing");
        return new SlotIdentity(Require(values, IdentityTag, KeySize), certificate);
    }

    private static byte[] PublicOf(byte[] privateKey)
    {
        try
        {
            using var pair = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = privateKey });
            ECPoint point = pair.ExportParameters(includePrivateParameters: false).Q;
            return [4, .. point.X!, .. point.Y!];
        }
        catch (CryptographicException) { throw VarveException.Damaged(s_what, "its private key is none"); }
    }

    private static byte[] Require(byte[]?[] values, int tag, int length)
    {
        byte[] value = values[tag] ?? throw VarveException.Damaged(s_what, $"field {tag} is missing");
        return value.Length == length ? value : throw VarveException.Damaged(s_what, $"field {tag} has {value.Length} bytes, not {length}");
    }
}
