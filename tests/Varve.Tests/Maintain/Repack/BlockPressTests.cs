using Varve.Maintain.Repack;
using Varve.Model.Packs;
using Varve.Platform.Zstd;
using Varve.Tests.Kit;

namespace Varve.Tests.Maintain.Repack;

/// <summary>Blocks that a second thread compresses while the next is put together.</summary>
public sealed class BlockPressTests
{
    private const int BlockSize = 1 << 16;

    [Fact]
    public void What_was_handed_over_comes_out_in_order_and_decompresses_to_the_same_bytes() => Within.Run(() =>
    {
        var random = new Random(3);
        var expected = new List<byte[]>();
        var found = new List<byte[]>();
        var codecs = new HashSet<Codec>();
        using var decompressor = new ZstdDecompressor();
        using var press = new BlockPress(BlockSize, 3, (block, payload, codec) =>
        {
            byte[] raw = new byte[block.Chunks.Raw.Length];
            if (codec == Codec.Zstd) { decompressor.Decompress(payload, raw); }
            else { payload.CopyTo(raw); }
            codecs.Add(codec);
            found.Add(raw);
        });
        var block = new RepackBlock(BlockSize);
        for (int i = 0; i < 20; i++)
        {
            byte[] bytes = new byte[random.Next(1, BlockSize)];
            if (i % 2 == 0) { random.NextBytes(bytes); }
            expected.Add(bytes);
            block.Chunks.Append(default, bytes);
            block = press.Exchange(block);
            Assert.True(block.Chunks.IsEmpty && block.Sources.Count == 0);
        }

        press.Drain();
        Assert.Equal(expected, found);
        Assert.Equal([Codec.Raw, Codec.Zstd], codecs.Order());
    });

    [Fact]
    public void An_error_of_who_takes_a_block_comes_out_of_the_next_call() => Within.Run(() =>
    {
        using var press = new BlockPress(BlockSize, 3, static (_, _, _) => throw new InvalidDataException());
        var block = new RepackBlock(BlockSize);
        block.Chunks.Append(default, "abc"u8);
        press.Exchange(block);
        Assert.Throws<InvalidDataException>(press.Drain);
        var next = new RepackBlock(BlockSize);
        next.Chunks.Append(default, "abc"u8);
        Assert.Throws<InvalidDataException>(() => press.Exchange(next));
    });

    [Fact]
    public void When_it_was_stopped_nobody_is_called_any_more() => Within.Run(() =>
    {
        int calls = 0;
        using var press = new BlockPress(BlockSize, 3, (_, _, _) => calls++);
        var block = new RepackBlock(BlockSize);
        block.Chunks.Append(default, "abc"u8);
        press.Exchange(block);
        press.Stop();
        Assert.InRange(calls, 0, 1);
        int before = calls;
        press.Stop();
        Assert.Equal(before, calls);
    });
}
