using Varve.Format;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.Pack;

public sealed class BlockBuilderTests
{
    [Fact]
    public void It_holds_the_chunks_one_after_the_other()
    {
        var block = new BlockBuilder(100, 50);
        block.Append(Some.Id(1), "abc"u8);
        "defg"u8.CopyTo(block.Append(Some.Id(2), 4));
        Assert.Equal("abcdefg"u8.ToArray(), block.Raw.ToArray());
        Assert.Equal([new PackedChunk(Some.Id(1), 3), new PackedChunk(Some.Id(2), 4)], block.Chunks.ToArray());
        Assert.False(block.IsFull);
        block.Clear();
        Assert.True(block.IsEmpty);
        Assert.Equal(0, block.Raw.Length);
        Assert.Equal(0, block.Chunks.Length);
    }

    [Fact]
    public void The_chunk_that_reaches_the_block_size_ends_it()
    {
        var block = new BlockBuilder(100, 50);
        block.Append(Some.Id(1), new byte[50]);
        block.Append(Some.Id(2), new byte[49]);
        Assert.True(block.HasRoomFor(50));
        block.Append(Some.Id(3), new byte[50]);
        Assert.True(block.IsFull);
        Assert.False(block.HasRoomFor(1));
        Assert.Throws<InvalidOperationException>(() => block.Append(Some.Id(4), new byte[1]));
        Assert.Equal(149, block.Raw.Length);
    }

    [Fact]
    public void A_chunk_longer_than_the_block_size_still_fits_an_empty_block()
    {
        var block = new BlockBuilder(10, 16 << 20);
        Assert.True(block.HasRoomFor(16 << 20));
        block.Append(Some.Id(1), new byte[16 << 20]);
        Assert.True(block.IsFull);
        Assert.Equal(16 << 20, block.Raw.Length);
    }

    [Fact]
    public void No_block_exceeds_32_MiB()
    {
        var block = new BlockBuilder(32 << 20, 16 << 20);
        block.Append(Some.Id(1), new byte[16 << 20]);
        block.Append(Some.Id(2), new byte[(16 << 20) - 1]);
        Assert.False(block.IsFull);
        Assert.True(block.HasRoomFor(1));
        Assert.False(block.HasRoomFor(2));
    }

    [Fact]
    public void Chunks_that_are_empty_or_too_long_are_refused()
    {
        var block = new BlockBuilder(100, 50);
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Append(Some.Id(1), []));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Append(Some.Id(1), new byte[51]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockBuilder(1, Limits.MaxChunk + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockBuilder(Limits.MaxBlock + 1, 1));
    }

    [Fact]
    public void A_block_in_use_again_allocates_nothing()
    {
        var block = new BlockBuilder(10_000, 1000);
        void Fill()
        {
            for (int i = 0; block.HasRoomFor(500); i++) { block.Append(default, 500).Fill((byte)i); }
            block.Clear();
        }

        Fill();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++) { Fill(); }
        }));
    }
}
