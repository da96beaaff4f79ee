using System.Text;
using Varve.Platform.Crypto;

namespace Varve.Tests.Platform;

public sealed class LibCryptoTests
{
    // RFC 7914, section 12. Its last vector needs 1 GiB and is left out.
    [Theory]
    [InlineData("", "", 16, 1, 1,
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16,
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1,
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void Scrypt_gives_the_keys_of_RFC_7914(string password, string salt, ulong n, uint r, uint p, string expected)
    {
        var key = new byte[64];
        LibCrypto.Scrypt(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), n, r, p, key);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
    }

    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(1, 8, 1)]
    [InlineData(24, 8, 1)]
    [InlineData(16, 0, 1)]
    [InlineData(16, 8, 0)]
    [InlineData(65536, 1, 1)]
    public void Parameters_outside_the_RFC_are_refused(ulong n, uint r, uint p)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LibCrypto.Scrypt("x"u8, "y"u8, n, r, p, new byte[32]));
    }

    [Fact]
    public void The_default_limit_of_libcrypto_does_not_apply()
    {
        // 64 MiB: above the 32 MiB that libcrypto allows unless told otherwise.
        var key = new byte[32];
        LibCrypto.Scrypt("x"u8, "y"u8, 65536, 8, 1, key);
        Assert.NotEqual(new byte[32], key);
    }
}
