using System.Security.Cryptography;
using Varve.Platform.Crypto;

namespace Varve.Tests.Platform;

public sealed class GmacTests
{
    [Fact]
    public void The_fast_form_gives_what_the_plain_one_gives()
    {
        Assert.True(LibCrypto.HasGcm);
        byte[] key = RandomNumberGenerator.GetBytes(32);
        using Gmac fast = new(key, isPlain: false), plain = new(key, isPlain: true);
        byte[] a = new byte[Gmac.Size], b = new byte[Gmac.Size];
        for (int length = 0; length < 70_000; length += length < 300 ? 1 : 1_021)
        {
            byte[] message = RandomNumberGenerator.GetBytes(length);
            fast.Compute(message, a);
            plain.Compute(message, b);
            Assert.Equal(b, a);
        }
    }

    [Fact]
    public void Nothing_is_computed_after_the_key_is_gone()
    {
        var gmac = new Gmac(new byte[32]);
        gmac.Dispose();
        gmac.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gmac.Compute([1], new byte[Gmac.Size]));
    }
}
