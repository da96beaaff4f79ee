using System.Security.Cryptography;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.Seal;

public sealed class PackSealTests
{
    private static readonly RepositoryId Repository = RepositoryId.Create();
    private static readonly HpkePair Pair = HpkePair.Generate();
    private static readonly byte[] Payload = DamagedBytes.Random(200, 1);

    private static PackOpener Opener(ReadOnlyMemory<byte> header) =>
        PackOpener.Open(Repository, header.Span, Pair.PrivateKey, Pair.PublicKey);

    private static byte[] SealBlock(PackSealer sealer, uint number, Codec codec = Codec.Zstd, uint rawLength = 500)
    {
        var stored = new byte[Payload.Length + PackSealer.BlockOverhead];
        Assert.Equal(stored.Length, sealer.SealBlock(number, codec, rawLength, Payload, stored));
        return stored;
    }

    private static byte[] OpenBlock(PackOpener opener, uint number, byte[] stored, Codec codec = Codec.Zstd, uint rawLength = 500)
    {
        var payload = new byte[Math.Max(0, stored.Length - PackSealer.BlockOverhead)];
        opener.OpenBlock(number, codec, rawLength, stored, payload);
        return payload;
    }

    [Theory]
    [InlineData((int)PackKind.Data)]
    [InlineData((int)PackKind.Meta)]
    public void Blocks_of_a_pack_come_back(int kind)
    {
        using var sealer = PackSealer.Create(Repository, (PackKind)kind, Pair.PublicKey);
        using PackOpener opener = Opener(sealer.Header);
        for (uint number = 0; number < 5; number++) { Assert.Equal(Payload, OpenBlock(opener, number, SealBlock(sealer, number))); }
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        using var sealer = PackSealer.Create(Repository, PackKind.Meta, Pair.PublicKey);
        byte[] header = sealer.Header.ToArray(), block = SealBlock(sealer, 0x01020304, Codec.Zstd, 0x11223344);
        Assert.Equal(145, header.Length);
        Assert.Equal([.. "VARVPACK"u8, 1, 2, 0, 0, 0, 0, 0, 0], header[..16]);

        // Written out again from docs/format.md, 6, with .NET's AES-GCM alone.
        byte[] key = Hpke.Open(Pair.PrivateKey, Pair.PublicKey, [.. "varve/1 pack key"u8, .. Repository.ToArray()], header.AsSpan(0, 32),
            header.AsSpan(32));
        byte[] nonce = [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4];
        byte[] aad = [.. "varve/1 block"u8, .. Repository.ToArray(), .. header[..32], 4, 3, 2, 1, 1, 0x44, 0x33, 0x22, 0x11];
        var payload = new byte[Payload.Length];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(nonce, block.AsSpan(..^16), block.AsSpan(^16..), payload, aad);
        Assert.Equal(Payload, payload);
    }

    [Fact]
    public void A_number_serves_once_and_numbers_only_ascend()
    {
        using var sealer = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        SealBlock(sealer, 0);
        Assert.Throws<InvalidOperationException>(() => SealBlock(sealer, 0));
        SealBlock(sealer, 7);
        Assert.Throws<InvalidOperationException>(() => SealBlock(sealer, 3));
        Assert.Throws<InvalidOperationException>(() => SealBlock(sealer, 7));
        SealBlock(sealer, uint.MaxValue);
        Assert.Throws<InvalidOperationException>(() => SealBlock(sealer, uint.MaxValue));
        Assert.Throws<InvalidOperationException>(() => SealBlock(sealer, 0));
    }

    [Fact]
    public void Packs_never_share_a_key_or_their_random_bytes()
    {
        using var one = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        using var two = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        Assert.NotEqual(one.Header[16..32].ToArray(), two.Header[16..32].ToArray());
        Assert.NotEqual(SealBlock(one, 0), SealBlock(two, 0));
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_block_is_damage()
    {
        using var sealer = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        using PackOpener opener = Opener(sealer.Header);
        foreach (byte[] flipped in DamagedBytes.Flips(SealBlock(sealer, 3))) { DamagedBytes.Is(() => OpenBlock(opener, 3, flipped)); }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_header_is_damage()
    {
        using var sealer = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        foreach (byte[] flipped in DamagedBytes.Flips(sealer.Header.ToArray())) { DamagedBytes.Is(() => Opener(flipped).Dispose()); }

        DamagedBytes.Is(() => Opener(sealer.Header[..144]).Dispose());
    }

    [Fact]
    public void A_block_opens_only_as_what_it_was_sealed()
    {
        using var sealer = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        using var other = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        using PackOpener opener = Opener(sealer.Header), otherOpener = Opener(other.Header);
        byte[] block = SealBlock(sealer, 3);
        DamagedBytes.Is(() => OpenBlock(opener, 4, block));
        DamagedBytes.Is(() => OpenBlock(opener, 3, block, Codec.Raw));
        DamagedBytes.Is(() => OpenBlock(opener, 3, block, Codec.Zstd, 501));
        DamagedBytes.Is(() => OpenBlock(otherOpener, 3, block));
        for (int length = 0; length < block.Length; length += 9) { DamagedBytes.Is(() => OpenBlock(opener, 3, block[..length])); }
    }

    [Fact]
    public void A_pack_of_another_repository_or_key_does_not_open()
    {
        using var sealer = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        HpkePair other = HpkePair.Generate();
        DamagedBytes.Is(() => PackOpener.Open(RepositoryId.Create(), sealer.Header.Span, Pair.PrivateKey, Pair.PublicKey).Dispose());
        DamagedBytes.Is(() => PackOpener.Open(Repository, sealer.Header.Span, other.PrivateKey, other.PublicKey).Dispose());
    }

    [Fact]
    public void Errors_name_the_block_and_the_pack()
    {
        using var sealer = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        using var opener = PackOpener.Open(Repository, sealer.Header.Span, Pair.PrivateKey, Pair.PublicKey, Subject.Object("packs/abc"));
        var e = Assert.Throws<VarveException>(() => OpenBlock(opener, 9, new byte[100]));
        Assert.StartsWith("block 9 of packs/abc is damaged", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_open_blocks_of_one_pack()
    {
        using var sealer = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        using PackOpener opener = Opener(sealer.Header);
        byte[][] blocks = [.. Enumerable.Range(0, 64).Select(i => SealBlock(sealer, (uint)i))];
        int opened = 0, refused = 0;
        var threads = new Thread[8];
        for (int t = 0; t < threads.Length; t++)
        {
            var random = new Random(t);
            threads[t] = new Thread(() =>
            {
                for (int i = 0; i < 3000; i++)
                {
                    int number = random.Next(64), asked = random.Next(10) == 0 ? number ^ 1 : number;
                    try
                    {
                        if (OpenBlock(opener, (uint)asked, blocks[number]).AsSpan().SequenceEqual(Payload) && asked == number)
                        {
                            Interlocked.Increment(ref opened);
                        }
                    }
                    catch (VarveException) when (asked != number) { Interlocked.Increment(ref refused); }
                }
            });
            threads[t].Start();
        }

        foreach (Thread thread in threads) { thread.Join(); }

        Assert.Equal(8 * 3000, opened + refused);
    }

    [Fact]
    public void Blocks_cost_no_allocation()
    {
        using var sealer = PackSealer.Create(Repository, PackKind.Data, Pair.PublicKey);
        using PackOpener opener = Opener(sealer.Header);
        byte[] stored = new byte[Payload.Length + 16], payload = new byte[Payload.Length];
        sealer.SealBlock(0, Codec.Raw, 200, Payload, stored);
        opener.OpenBlock(0, Codec.Raw, 200, stored, payload);
        uint number = 1;
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++, number++)
            {
                sealer.SealBlock(number, Codec.Raw, 200, Payload, stored);
                opener.OpenBlock(number, Codec.Raw, 200, stored, payload);
            }
        }));
    }
}
