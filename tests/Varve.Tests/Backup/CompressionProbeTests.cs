using Varve.Backup.Packing;

namespace Varve.Tests.Backup;

public sealed class CompressionProbeTests
{
    [Fact]
    public void Text_is_told_from_noise_also_after_much_noise()
    {
        using var probe = new CompressionProbe();
        byte[] noise = new byte[200_000], text = new byte[200_000];
        new Random(1).NextBytes(noise);
        for (int i = 0; i < text.Length; i++) { text[i] = (byte)('a' + (i * 7 % 13)); }
        foreach (int row in (int[])[0, 1, 15, 16, 17, 18, 19, 40])
        {
            for (int i = 0; i < row; i++) { Assert.True(probe.IsHopeless(noise)); }
            Assert.False(probe.IsHopeless(text), $"after {row}");
        }
    }

    [Fact]
    public void A_chunk_that_compresses_in_one_place_is_compressed()
    {
        using var probe = new CompressionProbe();
        byte[] chunk = new byte[CompressionProbe.MinLength];
        new Random(2).NextBytes(chunk);
        Assert.True(probe.IsHopeless(chunk));
        Array.Clear(chunk, chunk.Length - 4096, 4096);
        Assert.False(probe.IsHopeless(chunk));
    }
}
