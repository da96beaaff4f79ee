using Varve.Model;
using Varve.Seal;
using Varve.Tests.Kit;

namespace Varve.Tests.Seal;

public sealed class HpkeTests
{
    private static readonly byte[] Info = "Ode on a Grecian Urn"u8.ToArray();
    private static readonly byte[] Plaintext = "Beauty is truth, truth beauty"u8.ToArray();
    private static readonly HpkePair Pair = HpkePair.Generate();

    // RFC 9180, A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode.
    private const string IkmE = "4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e";
    private const string SkEm = "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb";
    private const string PkEm =
        "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4";
    private const string IkmR = "668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550";
    private const string SkRm = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2";
    private const string PkRm =
        "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0";
    private const string Ciphertext0 = "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434";

    // Sealed to PkRm, with this Info and Plaintext and no aad, by pyca/cryptography 48.0.0 with KEM.P256, KDF.HKDF_SHA256,
    // AEAD.AES_256_GCM.
    private const string FromAnotherImplementation =
        "049ae896585e64e2a8ffd124604a417e1cc794d54326300c923514fbfedce1aa0470638f71e970ecc22f9d9606980e0cbe68c6f94faafde28308e2eba68a59ddb1"
        + "bd19ef5cb0b5be88cc4810d5e3db75fa6eda77ac4caceef7a6ace2d4e49cd8087fec050f7f047e4bdbdc1d36e8";

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);

    [Theory]
    [InlineData(IkmE, SkEm, PkEm)]
    [InlineData(IkmR, SkRm, PkRm)]
    public void Key_pairs_derive_as_in_RFC_9180_A_3_1(string ikm, string scalar, string point)
    {
        byte[] derived = HpkePair.Derive(Hex(ikm));
        Assert.Equal(scalar, Convert.ToHexStringLower(derived));
        using var key = HpkePair.Import(derived);
        Assert.Equal(point, Convert.ToHexStringLower(P256.ExportPublic(key)));
    }

    [Fact]
    public void The_first_encryption_is_that_of_RFC_9180_A_3_1()
    {
        var suite = new HpkeSuite(HpkeSuite.Aes128Gcm);
        using var ephemeral = HpkePair.Import(Hex(SkEm));
        byte[] text = suite.Seal(ephemeral, Hex(PkRm), Info, "Count-0"u8, Plaintext);
        Assert.Equal(PkEm + Ciphertext0, Convert.ToHexStringLower(text));
        Assert.Equal(Plaintext, suite.Open(Hex(SkRm), Hex(PkRm), Info, "Count-0"u8, text));
    }

    [Fact]
    public void What_another_implementation_sealed_with_AES_256_opens()
    {
        Assert.Equal(Plaintext, Hpke.Open(Hex(SkRm), Hex(PkRm), Info, [], Hex(FromAnotherImplementation)));
    }

    [Fact]
    public void What_is_sealed_opens_and_no_two_sealed_texts_are_alike()
    {
        byte[] one = Hpke.Seal(Pair.PublicKey, Info, "a"u8, Plaintext), two = Hpke.Seal(Pair.PublicKey, Info, "a"u8, Plaintext);
        Assert.Equal(Plaintext, Hpke.Open(Pair.PrivateKey, Pair.PublicKey, Info, "a"u8, one));
        Assert.Equal(Plaintext.Length + Hpke.Overhead, one.Length);
        Assert.NotEqual(one[..65], two[..65]);
        Assert.NotEqual(one[65..], two[65..]);
        Assert.Empty(Hpke.Open(Pair.PrivateKey, Pair.PublicKey, [], [], Hpke.Seal(Pair.PublicKey, [], [], [])));
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_damage()
    {
        byte[] text = Hpke.Seal(Pair.PublicKey, Info, "a"u8, Plaintext);
        foreach (byte[] flipped in DamagedBytes.Flips(text))
        {
            DamagedBytes.Is(() => Hpke.Open(Pair.PrivateKey, Pair.PublicKey, Info, "a"u8, flipped));
        }
    }

    [Fact]
    public void Another_info_aad_key_or_length_is_damage()
    {
        byte[] text = Hpke.Seal(Pair.PublicKey, Info, "a"u8, Plaintext);
        HpkePair other = HpkePair.Generate();
        DamagedBytes.Is(() => Hpke.Open(Pair.PrivateKey, Pair.PublicKey, "x"u8, "a"u8, text));
        DamagedBytes.Is(() => Hpke.Open(Pair.PrivateKey, Pair.PublicKey, Info, "b"u8, text));
        DamagedBytes.Is(() => Hpke.Open(other.PrivateKey, other.PublicKey, Info, "a"u8, text));
        DamagedBytes.Is(() => Hpke.Open(other.PrivateKey, Pair.PublicKey, Info, "a"u8, text));
        for (int length = 0; length < text.Length; length++)
        {
            DamagedBytes.Is(() => Hpke.Open(Pair.PrivateKey, Pair.PublicKey, Info, "a"u8, text.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Points_that_are_not_on_the_curve_are_damage()
    {
        byte[] offCurve = [.. Pair.PublicKey], compressed = [.. Pair.PublicKey], infinity = new byte[65];
        offCurve[64] ^= 1;
        compressed[0] = 3;
        infinity[0] = 4;
        foreach (byte[] point in (byte[][])[offCurve, compressed, infinity, [], Pair.PublicKey[..64], [.. Pair.PublicKey, 0]])
        {
            DamagedBytes.Is(() => Hpke.Seal(point, Info, [], Plaintext));
        }
    }

    [Fact]
    public void A_private_key_is_always_32_bytes()
    {
        // About one scalar, and one coordinate, in 256 starts with a zero byte.
        for (int i = 0; i < 600; i++)
        {
            HpkePair pair = HpkePair.Generate();
            Assert.Equal((32, 65), (pair.PrivateKey.Length, pair.PublicKey.Length));
        }
    }
}
