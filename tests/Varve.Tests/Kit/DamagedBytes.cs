using Varve.Model;
using Varve.Tests.Maintain;

namespace Varve.Tests.Kit;

/// <summary>
/// Ways to break bytes, and the one way in which that may show: decoders may decode to something or report damage, nothing else.
/// </summary>
internal static class DamagedBytes
{
    internal static void Survives(byte[] good, Action<byte[]> decode, int rounds = 3000, int seed = 1)
    {
        decode(good);
        var random = new Random(seed);
        for (int i = 0; i < rounds; i++) { Try(Mutate(good, random), decode); }
    }

    /// <summary>Proper prefixes are damage: all of them, or about <paramref name="attempts"/>.</summary>
    internal static void RejectsTruncation(byte[] good, Action<byte[]> decode, int attempts = 2000)
    {
        decode(good);
        int step = Math.Max(1, good.Length / attempts);
        for (int length = 0; length < good.Length; length += step) { Is(() => decode(good[..length])); }
    }

    internal static VarveException Is(Action action)
    {
        var e = Assert.Throws<VarveException>(action);
        Assert.Equal(ErrorKind.Damaged, e.Kind);
        return e;
    }

    /// <summary>Every single-bit flip of a text, or a seeded sample of them.</summary>
    internal static IEnumerable<byte[]> Flips(byte[] bytes, int sample = int.MaxValue)
    {
        var random = new Random(bytes.Length);
        bool all = bytes.Length * 8L <= sample;
        for (int i = 0; i < Math.Min(bytes.Length * 8L, sample); i++)
        {
            int bit = all ? i : random.Next(bytes.Length * 8);
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return flipped;
        }
    }

    internal static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Try(byte[] bytes, Action<byte[]> decode)
    {
        try { decode(bytes); }
        catch (VarveException e) { Assert.Equal(ErrorKind.Damaged, e.Kind); }
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = (byte[])good.Clone();
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                var longer = new byte[bytes.Length + random.Next(1, 20)];
                random.NextBytes(longer);
                bytes.CopyTo(longer, 0);
                return longer;
            case 2:
                bytes.AsSpan(random.Next(bytes.Length))[..1].Fill(0xFF);
                return bytes;
            case 3:
                int at = random.Next(bytes.Length), length = Math.Min(random.Next(1, 12), bytes.Length - at);
                bytes.AsSpan(at, length).Fill((byte)random.Next(256));
                return bytes;
            default:
                for (int i = random.Next(1, 4); i > 0; i--) { bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8)); }
                return bytes;
        }
    }
}
