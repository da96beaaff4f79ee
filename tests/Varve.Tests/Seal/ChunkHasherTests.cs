using System.Security.Cryptography;
using Varve.Model;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.Seal;

public sealed class ChunkHasherTests
{
    private static readonly byte[] Key = DamagedBytes.Random(32, 1);

    [Fact]
    public void An_id_is_the_HMAC_of_the_bytes()
    {
        var hasher = new ChunkHasher(Key);
        foreach (int length in (int[])[0, 1, 63, 64, 65, 4096, 1 << 20])
        {
            byte[] data = DamagedBytes.Random(length, length);
            Assert.Equal(new ChunkId(HMACSHA256.HashData(Key, data)), hasher.Compute(data));
        }
    }

    [Fact]
    public void The_fast_and_the_plain_hasher_agree_on_any_key_and_length()
    {
        Assert.True(Varve.Platform.Crypto.LibCrypto.HasSha256); // or this compares the plain one with itself
        for (int i = 0; i < 500; i++)
        {
            byte[] key = DamagedBytes.Random(32, i), data = DamagedBytes.Random(i < 200 ? i : i * 97, i);
            Assert.Equal(new PlainChunkHasher(key).Compute(data), new ChunkHasher(key).Compute(data));
        }
    }

    [Fact]
    public void Another_key_gives_another_id()
    {
        Assert.NotEqual(new ChunkHasher(Key).Compute("x"u8), new ChunkHasher(DamagedBytes.Random(32, 2)).Compute("x"u8));
    }

    [Fact]
    public void Threads_share_one_hasher()
    {
        var hasher = new ChunkHasher(Key);
        byte[][] inputs = [.. Enumerable.Range(0, 100).Select(i => DamagedBytes.Random(50 * i, i))];
        ChunkId[] expected = [.. inputs.Select(i => hasher.Compute(i))];
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            for (int i = 0; i < 2000; i++)
            {
                int n = ((i * 7) + t) % inputs.Length;
                if (hasher.Compute(inputs[n]) != expected[n]) { Interlocked.Increment(ref wrong); }
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var hasher = new ChunkHasher(Key);
        byte[] data = DamagedBytes.Random(4096, 3);
        hasher.Compute(data);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++) { hasher.Compute(data); }
        }));
    }
}
