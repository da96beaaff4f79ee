using System.Buffers.Binary;

namespace Varve.Fuzz;

/// <summary>Makes inputs out of inputs. The same random numbers give the same. Not thread-safe.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words)
{
    private const int MostBytes = 4096, MostSteps = 8;

    private static readonly ulong[] s_numbers =
    [
        0, 1, 2, 7, 8, 16, 31, 32, 64, 127, 128, 255, 256, 4095, 4096, 65535, 65536, (1 << 20) - 1, 1 << 20, 16 << 20, (16 << 20) + 1,
        32 << 20, 64 << 20, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue,
    ];

    /// <summary>An input near one that is known.</summary>
    internal byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        List<byte> bytes = [.. Pick(corpus)];
        for (int steps = 1 + random.Next(MostSteps); steps > 0; steps--) { Step(bytes, corpus); }
        if (bytes.Count > MostBytes) { bytes.RemoveRange(MostBytes, bytes.Count - MostBytes); }
        return [.. bytes];
    }

    // What was found last leads further more often than what has been tried for long.
    private byte[] Pick(IReadOnlyList<byte[]> corpus) =>
        corpus[random.Next(3) == 0 ? Math.Max(0, corpus.Count - 1 - random.Next(1 + (corpus.Count / 8))) : random.Next(corpus.Count)];

    private void Step(List<byte> bytes, IReadOnlyList<byte[]> corpus)
    {
        if (bytes.Count == 0) { bytes.Add((byte)random.Next(256)); }
        int at = random.Next(bytes.Count), length = 1 + random.Next(Math.Min(1 << random.Next(10), bytes.Count - at));
        switch (random.Next(14))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes[at] += (byte)(random.Next(2) == 0 ? 1 + random.Next(8) : 256 - (1 + random.Next(8))); break;
            case 3: bytes[at] = (byte)s_numbers[random.Next(12)]; break;
            case 4: bytes.RemoveRange(at, length); break;
            case 5: bytes.RemoveRange(at, bytes.Count - at); break;
            case 6: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 7: bytes.InsertRange(at, Number()); break;
            case 8: Overwrite(bytes, at, Number()); break;
            case 9: bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), length)); break;
            case 10: Overwrite(bytes, random.Next(bytes.Count), [.. bytes.GetRange(at, length)]); break;
            case 11:
                byte[] other = Pick(corpus);
                int from = random.Next(other.Length + 1);
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[from..]);
                break;
            case 12 when words.Count > 0: bytes.InsertRange(at, words[random.Next(words.Count)]); break;
            case 13 when words.Count > 0: Overwrite(bytes, at, words[random.Next(words.Count)]); break;
            default: bytes.Insert(at, (byte)random.Next(256)); break;
        }
    }

    /// <summary>A number at an edge, in one of the ways that numbers are written.</summary>
    private byte[] Number()
    {
        ulong value = s_numbers[random.Next(s_numbers.Length)] + (ulong)random.Next(-1, 2);
        var bytes = new byte[8];
        switch (random.Next(4))
        {
            case 0:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
                return bytes;
            case 1:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
                return bytes[..4];
            case 2:
                BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
                return bytes[^4..];
            default:
                List<byte> varint = [];
                for (; value >= 0x80; value >>= 7) { varint.Add((byte)(value | 0x80)); }
                varint.Add((byte)value);
                return [.. varint];
        }
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (int i = 0; i < with.Length && at + i < bytes.Count; i++) { bytes[at + i] = with[i]; }
    }
}
