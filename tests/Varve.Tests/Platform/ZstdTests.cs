using Varve.Model;
using Varve.Platform.Zstd;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.Platform;

public sealed class ZstdTests
{
    private static byte[] Frame(ReadOnlySpan<byte> data, int level = 3)
    {
        using var compressor = new ZstdCompressor(level);
        var frame = new byte[ZstdCompressor.Bound(data.Length)];
        return frame[..compressor.Compress(data, frame)];
    }

    private static byte[] Text(int length, int seed)
    {
        var random = new Random(seed);
        var data = new byte[length];
        for (int i = 0; i < length; i++) { data[i] = (byte)("abcdefgh"[random.Next(8)] + ((i & 64) == 0 ? 0 : 1)); }

        return data;
    }

    private static VarveException Damage(byte[] frame, byte[] destination)
    {
        using var decompressor = new ZstdDecompressor();
        var e = Assert.Throws<VarveException>(() => decompressor.Decompress(frame, destination));
        Assert.Equal(ErrorKind.Damaged, e.Kind);
        return e;
    }

    [Fact]
    public void What_is_compressed_comes_back()
    {
        using var compressor = new ZstdCompressor(3);
        using var decompressor = new ZstdDecompressor();
        foreach (int length in (int[])[0, 1, 100, 65_537, 1 << 20])
        {
            byte[] data = Text(length, length);
            var frame = new byte[ZstdCompressor.Bound(length)];
            int written = compressor.Compress(data, frame);
            var back = new byte[length];
            decompressor.Decompress(frame.AsSpan(0, written), back);
            Assert.Equal(data, back);
            Assert.True(length < 1000 || written < length * 3 / 4);
        }
    }

    [Fact]
    public void Matches_are_found_over_the_whole_length_that_was_announced()
    {
        byte[] data = new byte[4 << 20];
        new Random(5).NextBytes(data.AsSpan(0, 3 << 20));
        data.AsSpan(0, 1 << 20).CopyTo(data.AsSpan(3 << 20));
        using var compressor = new ZstdCompressor(3, data.Length);
        using var decompressor = new ZstdDecompressor();
        var frame = new byte[ZstdCompressor.Bound(data.Length)];
        int written = compressor.Compress(data, frame);
        Assert.InRange(written, 3 << 20, (3 << 20) + (64 << 10));
        var back = new byte[data.Length];
        decompressor.Decompress(frame.AsSpan(0, written), back);
        Assert.Equal(data, back);
    }

    [Fact]
    public void A_frame_states_its_content_size_and_has_no_checksum()
    {
        byte[] frame = Frame(Text(100_000, 1));

        // RFC 8878, 3.1.1.1.1: the descriptor's top two bits tell the field for the content size (4 bytes here), bit 2 is the checksum
        // flag.
        Assert.Equal(0xFD2FB528u, BitConverter.ToUInt32(frame));
        Assert.Equal(2, frame[4] >> 6);
        Assert.Equal(0, frame[4] & 4);
    }

    [Fact]
    public void Content_of_another_length_is_damage_and_writes_nothing_beyond()
    {
        byte[] frame = Frame(Text(5000, 3));
        var buffer = new byte[6000];
        buffer.AsSpan().Fill(0xEE);
        using var decompressor = new ZstdDecompressor();
        Assert.Throws<VarveException>(() => decompressor.Decompress(frame, buffer.AsSpan(0, 4999)));
        Assert.True(buffer.AsSpan(4999).IndexOfAnyExcept((byte)0xEE) < 0);
        Damage(frame, new byte[5001]);
        Damage(frame, []);
    }

    [Fact]
    public void Two_frames_and_trailing_bytes_and_skippable_frames_are_damage()
    {
        byte[] one = Frame(Text(500, 4)), two = Frame(Text(500, 5));
        Damage([.. one, .. two], new byte[1000]);
        Damage([.. one, 0], new byte[500]);
        Damage([0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9], new byte[1]);
        Damage([], new byte[1]);
    }

    [Fact]
    public void A_frame_cut_anywhere_is_damage()
    {
        byte[] frame = Frame(Text(3000, 6));
        for (int length = 0; length < frame.Length; length += 7) { Damage(frame[..length], new byte[3000]); }
    }

    [Fact]
    public void Flipped_bits_never_do_worse_than_damage()
    {
        byte[] data = Text(3000, 7), frame = Frame(data), back = new byte[3000];
        var random = new Random(7);
        int damaged = 0;
        using var decompressor = new ZstdDecompressor();
        for (int i = 0; i < 3000; i++)
        {
            byte[] flipped = [.. frame];
            flipped[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
            try { decompressor.Decompress(flipped, back); }
            catch (VarveException e)
            {
                Assert.Equal(ErrorKind.Damaged, e.Kind);
                damaged++;
            }
        }

        Assert.True(damaged > 0);
        decompressor.Decompress(frame, back);
        Assert.Equal(data, back);
    }

    [Fact]
    public void A_destination_below_the_bound_is_refused()
    {
        using var compressor = new ZstdCompressor(3);
        Assert.Throws<ArgumentException>(() => compressor.Compress(new byte[1000], new byte[ZstdCompressor.Bound(1000) - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZstdCompressor(23));
    }

    [Fact]
    public void Calls_allocate_nothing()
    {
        byte[] data = Text(50_000, 8), frame = new byte[ZstdCompressor.Bound(50_000)];
        using var compressor = new ZstdCompressor(3);
        using var decompressor = new ZstdDecompressor();
        int written = compressor.Compress(data, frame);
        decompressor.Decompress(frame.AsSpan(0, written), data);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                written = compressor.Compress(data, frame);
                decompressor.Decompress(frame.AsSpan(0, written), data);
            }
        }));
    }

    [Fact]
    public void A_disposed_context_is_refused()
    {
        var compressor = new ZstdCompressor(1);
        compressor.Dispose();
        compressor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => compressor.Compress([], new byte[100]));
    }

    [Fact]
    public void A_missing_library_is_named_with_what_to_install()
    {
        var e = Assert.Throws<VarveException>(() => ZstdLibrary.Load("/nonexistent/libzstd.so.1"));
        Assert.Equal(ErrorKind.Unsupported, e.Kind);
        Assert.Equal("/nonexistent/libzstd.so.1 is missing", e.Message);
        Assert.Equal(Advice.InstallZstd, e.Advice);
    }

    [Fact]
    public void A_library_without_the_functions_is_too_old()
    {
        var e = Assert.Throws<VarveException>(() => ZstdLibrary.Load("libc.so.6"));
        Assert.Equal("libc.so.6 is too old", e.Message);
    }
}
