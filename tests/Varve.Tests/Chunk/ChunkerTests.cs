using Varve.Chunk;

namespace Varve.Tests.Chunk;

public sealed class ChunkerTests
{
    private const int Min = 2 << 10, Average = 8 << 10, Max = 32 << 10;

    private static readonly byte[] Key = Bytes(32, 99);
    private static readonly Chunker Cutter = new(Key, Min, Average, Max);

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static List<int> Ends(ReadOnlySpan<byte> data, Chunker chunker)
    {
        var ends = new List<int>();
        for (int position = 0; position < data.Length;)
        {
            int length = chunker.FindBoundary(data[position..], isEnd: true);
            Assert.True(length > 0);
            position += length;
            ends.Add(position);
        }

        return ends;
    }

    /// <summary>Random, text-like, constant and periodic stretches, where chunkers differ.</summary>
    private static byte[] Mixed(int length, Random random)
    {
        var data = new byte[length];
        for (int at = 0; at < length;)
        {
            Span<byte> part = data.AsSpan(at, Math.Min(length - at, 1 + random.Next(100_000)));
            switch (random.Next(4))
            {
                case 0:
                    random.NextBytes(part);
                    break;
                case 1:
                    part.Fill((byte)random.Next(256));
                    break;
                case 2:
                    for (int i = 0; i < part.Length; i++) { part[i] = (byte)('a' + random.Next(4)); }
                    break;
                default:
                    int period = 1 + random.Next(50);
                    for (int i = 0; i < part.Length; i++) { part[i] = (byte)(i % period); }
                    break;
            }

            at += part.Length;
        }

        return data;
    }

    [Fact]
    public void Fast_and_plain_cut_alike()
    {
        var random = new Random(1);
        for (int round = 0; round < 60; round++)
        {
            int min = 64 + random.Next(3000), average = min + random.Next(8000), max = average + random.Next(20_000);
            byte[] key = Bytes(32, round);
            var fast = new Chunker(key, min, average, max);
            var plain = new ChunkerScalar(key, min, average, max);
            byte[] data = Mixed(200_000, random);
            for (int position = 0; position < data.Length;)
            {
                ReadOnlySpan<byte> rest = data.AsSpan(position);
                ReadOnlySpan<byte> part = rest[..Math.Min(rest.Length, random.Next(max + 100))];
                bool isEnd = random.Next(4) == 0;
                Assert.Equal(plain.FindBoundary(part, isEnd), fast.FindBoundary(part, isEnd));
                int length = plain.FindBoundary(rest, isEnd: true);
                Assert.Equal(length, fast.FindBoundary(rest, isEnd: true));
                position += length;
            }
        }
    }

    [Fact]
    public void Lengths_stay_within_the_sizes()
    {
        foreach (int seed in (int[])[1, 2, 3])
        {
            byte[] data = Mixed(4 << 20, new Random(seed));
            int start = 0;
            foreach (int end in Ends(data, Cutter))
            {
                Assert.True(end == data.Length || end - start > Min);
                Assert.True(end - start <= Max);
                start = end;
            }

            Assert.Equal(data.Length, start);
        }
    }

    [Fact]
    public void The_average_is_near_what_was_asked_and_lengths_vary()
    {
        List<int> ends = Ends(Bytes(32 << 20, 4), Cutter);
        double mean = (32 << 20) / (double)ends.Count;
        Assert.InRange(mean, 0.8 * Average, 1.5 * Average);
        int[] lengths = [.. ends.Zip(ends.Skip(1), (a, b) => b - a)];
        Assert.True(lengths.Distinct().Count() > lengths.Length / 2);
        Assert.True(lengths.Count(l => l == Max) < lengths.Length / 100);
    }

    [Fact]
    public void How_the_data_is_fed_does_not_matter()
    {
        byte[] data = Mixed(1 << 20, new Random(5));
        List<int> expected = Ends(data, Cutter), actual = [];
        var random = new Random(6);
        int start = 0, available = 0;
        while (start < data.Length)
        {
            int length = Cutter.FindBoundary(data.AsSpan(start..available), isEnd: available == data.Length);
            if (length == 0)
            {
                Assert.True(available - start < Max);
                available = Math.Min(data.Length, available + 1 + random.Next(20_000));
                continue;
            }

            start += length;
            actual.Add(start);
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Little_data_waits_for_more_unless_it_is_all()
    {
        byte[] zeros = new byte[Max];
        Assert.Equal(0, Cutter.FindBoundary([], isEnd: false));
        Assert.Equal(0, Cutter.FindBoundary([], isEnd: true));
        Assert.Equal(0, Cutter.FindBoundary(zeros.AsSpan(0, Min), isEnd: false));
        Assert.Equal(Min, Cutter.FindBoundary(zeros.AsSpan(0, Min), isEnd: true));
        Assert.True(Cutter.FindBoundary(zeros, isEnd: false) > 0);
    }

    [Fact]
    public void An_edit_moves_only_the_boundaries_near_it()
    {
        byte[] data = Bytes(32 << 20, 7);
        List<int> before = Ends(data, Cutter);
        var random = new Random(8);
        for (int round = 0; round < 12; round++)
        {
            int at = random.Next(data.Length - (1 << 20)), count = 1 + random.Next(5000);
            byte[] bytes = Bytes(count, round);
            byte[] edited = (round % 3) switch
            {
                0 => [.. data.AsSpan(0, at), .. bytes, .. data.AsSpan(at)],
                1 => [.. data.AsSpan(0, at), .. data.AsSpan(at + count)],
                _ => [.. data.AsSpan(0, at), .. bytes, .. data.AsSpan(at + count)],
            };
            int shift = edited.Length - data.Length, editEnd = round % 3 == 0 ? at : at + count;
            List<int> after = Ends(edited, Cutter);

            Assert.Equal(before.Where(e => e <= at), after.Where(e => e <= at));

            // From the first common boundary behind the edit on, everything is as before.
            var shifted = before.Select(e => e + shift).ToHashSet();
            int resumed = after.First(e => e - shift >= editEnd && shifted.Contains(e));
            Assert.True(resumed - shift - editEnd <= 6 * Max, $"resumed {resumed - shift - editEnd} bytes behind the edit");
            Assert.Equal(before.Where(e => e + shift >= resumed).Select(e => e + shift), after.Where(e => e >= resumed));
        }
    }

    [Fact]
    public void Another_key_cuts_elsewhere()
    {
        byte[] data = Bytes(4 << 20, 9);
        List<int> one = Ends(data, Cutter), two = Ends(data, new Chunker(Bytes(32, 98), Min, Average, Max));
        Assert.True(one.Intersect(two).Count() < one.Count / 20);
    }

    [Fact]
    public void Cuts_of_version_1_stay_where_they_are()
    {
        // Deduplication against existing repositories rests on these. The data is a linear congruential sequence, the key counts from 0.
        var data = new byte[200_000];
        uint state = 1;
        for (int i = 0; i < data.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            data[i] = (byte)(state >> 24);
        }

        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        Assert.Equal(GoldenEnds, Ends(data, new Chunker(key, Min, Average, Max)));
    }

    // Computed by a few lines of another language from the rule as ChunkerScalar and GearTable state it.
    private static readonly int[] GoldenEnds =
    [
        12775, 28000, 39058, 48200, 57706, 64532, 77464, 79943, 88957, 100451, 112258, 120776, 131748, 140161, 149454, 156140, 169430,
        179186, 187799, 196682, 200000,
    ];

    [Theory]
    [InlineData(63, 100, 200)]
    [InlineData(100, 99, 200)]
    [InlineData(100, 200, 199)]
    [InlineData(100, 200, (16 << 20) + 1)]
    public void Sizes_that_make_no_sense_are_refused(int min, int average, int max)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Chunker(Key, min, average, max));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChunkerScalar(Key, min, average, max));
    }

    [Fact]
    public void Equal_sizes_make_fixed_chunks()
    {
        Assert.Equal([1000, 2000, 2500], Ends(new byte[2500], new Chunker(Key, 1000, 1000, 1000)));
    }
}
