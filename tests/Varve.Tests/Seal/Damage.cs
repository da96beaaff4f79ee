using Varve.Model;

namespace Varve.Tests.Seal;

/// <summary>Ways to break bytes, and the one way in which that may show.</summary>
internal static class Damage
{
    public static void Is(Action action)
    {
        var e = Assert.Throws<VarveException>(action);
        Assert.Equal(ErrorKind.Damaged, e.Kind);
    }

    /// <summary>Every single-bit flip of a text, or a seeded sample of them.</summary>
    public static IEnumerable<byte[]> Flips(byte[] bytes, int sample = int.MaxValue)
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

    public static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
