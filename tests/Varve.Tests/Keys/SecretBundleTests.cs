using System.Security.Cryptography;
using Varve.Keys;
using Varve.Model;

namespace Varve.Tests.Keys;

public sealed class SecretBundleTests
{
    private static readonly RepositoryId Repository = RepositoryId.Create();
    private static readonly byte[] Header = HeaderJson.Encode(RepositoryHeader.Create(Repository, "2026-11-22T10:00:00Z"));

    internal static void AssertSame(SecretBundle expected, SecretBundle actual)
    {
        Assert.Equal(expected.Level, actual.Level);
        Assert.Equal(expected.RepositoryId, actual.RepositoryId);
        Assert.Equal(expected.ChunkIdKey, actual.ChunkIdKey);
        Assert.Equal(expected.ChunkerKey, actual.ChunkerKey);
        Assert.Equal(expected.IndexKey, actual.IndexKey);
        Assert.Equal(expected.PublicKey, actual.PublicKey);
        Assert.Equal(expected.PrivateKey, actual.PrivateKey);
        Assert.Equal(expected.HeaderJson, actual.HeaderJson);
    }

    private static void IsDamage(byte[] fields) =>
        Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(() => SecretBundle.Decode(fields)).Kind);

    [Fact]
    public void A_new_bundle_has_a_key_pair_and_distinct_secrets()
    {
        using SecretBundle bundle = SecretBundle.Create(Repository, Header);
        Assert.Equal(KeyLevel.Full, bundle.Level);
        byte[][] keys = [bundle.ChunkIdKey, bundle.ChunkerKey, bundle.IndexKey, bundle.PrivateKey!];
        Assert.Equal(4, keys.Select(Convert.ToHexString).Distinct().Count());
        Assert.All(keys, key => Assert.Equal(32, key.Length));

        using var pair = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = bundle.PrivateKey });
        ECPoint point = pair.ExportParameters(false).Q;
        Assert.Equal([4, .. point.X!, .. point.Y!], bundle.PublicKey);
    }

    [Fact]
    public void A_bundle_comes_back_from_its_fields()
    {
        using SecretBundle full = SecretBundle.Create(Repository, Header), write = full.ToWriteLevel();
        AssertSame(full, SecretBundle.Decode(full.Encode()));
        AssertSame(write, SecretBundle.Decode(write.Encode()));
    }

    [Fact]
    public void The_fields_are_those_of_the_format()
    {
        using SecretBundle bundle = SecretBundle.Create(Repository, Header);
        byte[] expected =
        [
            1, 1, 2, 2, 16, .. Repository.ToArray(), 3, 32, .. bundle.ChunkIdKey, 4, 32, .. bundle.ChunkerKey, 5, 32, .. bundle.IndexKey,
            6, 65, .. bundle.PublicKey, 7, 32, .. bundle.PrivateKey!, 8, (byte)(Header.Length | 0x80), (byte)(Header.Length >> 7),
            .. Header,
        ];
        Assert.Equal(expected, bundle.Encode());
    }

    [Fact]
    public void The_write_level_does_not_hold_the_private_key()
    {
        using SecretBundle full = SecretBundle.Create(Repository, Header), write = full.ToWriteLevel();
        Assert.Equal(KeyLevel.Write, write.Level);
        Assert.Null(write.PrivateKey);
        Assert.True(write.Encode().AsSpan().IndexOf(full.PrivateKey) < 0);
        Assert.Equal(full.IndexKey, write.IndexKey);
    }

    [Fact]
    public void Disposing_zeroes_the_secrets_of_that_bundle_only()
    {
        SecretBundle full = SecretBundle.Create(Repository, Header);
        using SecretBundle write = full.ToWriteLevel();
        full.Dispose();
        Assert.Equal(new byte[32], full.PrivateKey);
        Assert.Equal(new byte[32], full.IndexKey);
        Assert.NotEqual(new byte[32], write.IndexKey);
    }

    [Fact]
    public void Unknown_fields_are_skipped_and_may_repeat()
    {
        using SecretBundle bundle = SecretBundle.Create(Repository, Header);
        AssertSame(bundle, SecretBundle.Decode([.. bundle.Encode(), 12, 3, 1, 2, 3, 12, 0, 0xFF, 0xFF, 3, 0]));
    }

    [Fact]
    public void Nonsense_is_damage()
    {
        using SecretBundle full = SecretBundle.Create(Repository, Header), write = full.ToWriteLevel();
        byte[] fields = full.Encode();
        for (int length = 0; length < fields.Length; length++) { IsDamage(fields[..length]); }

        IsDamage([1, 1, 3, .. fields[3..]]);
        IsDamage([1, 1, 0, .. fields[3..]]);
        IsDamage([1, 1, 1, .. fields[3..]]);
        IsDamage([1, 1, 2, .. write.Encode()[3..]]);
        IsDamage([1, 2, 2, 2, .. fields[3..]]);
        IsDamage([.. fields, 8, 0]);
        IsDamage([.. fields, 9, 3, 1, 2, 3]);
        IsDamage([.. fields, 10, 32, .. new byte[32]]);
        IsDamage([.. fields, 9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]);
        IsDamage([.. fields, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0]);
    }
}
