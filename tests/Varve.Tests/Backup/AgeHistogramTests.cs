using Varve.Backup.Passes;
using Varve.Model;

namespace Varve.Tests.Backup;

public sealed class AgeHistogramTests
{
    private static readonly FileTime Now = new(2_000_000_000, 5);

    [Fact]
    public void Buckets_ascend_with_the_distance_and_are_a_256th_of_it_wide_at_most()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            UInt128 distance = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) >> random.Next(128);
            int bucket = AgeHistogram.BucketOf(new AgeNumber((ulong)(distance >> 64), (ulong)distance));
            UInt128 start = Wide(AgeHistogram.StartOf(bucket)), next = Wide(AgeHistogram.StartOf(bucket + 1));
            Assert.True(start <= distance && distance < next, $"{distance} is not within {start} and {next}");
            Assert.True(next - start <= 1 + (distance / 256), $"{distance} lies in a bucket of {next - start}");
        }

        static UInt128 Wide(AgeNumber number) => new(number.Time, number.Tie);
    }

    [Fact]
    public void Numbers_of_128_bits_are_compared_and_subtracted_as_the_runtime_does_it()
    {
        var random = new Random(3);
        for (int i = 0; i < 10_000; i++)
        {
            UInt128 a = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) >> random.Next(128);
            UInt128 b = random.Next(10) == 0 ? a : new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) >> random.Next(128);
            AgeNumber x = new((ulong)(a >> 64), (ulong)a), y = new((ulong)(b >> 64), (ulong)b);
            Assert.Equal((a < b, a <= b, a > b, a >= b), (x < y, x <= y, x > y, x >= y));
            UInt128 c = unchecked(a - b);
            Assert.Equal(new AgeNumber((ulong)(c >> 64), (ulong)c), x - y);
            int bits = random.Next(128);
            Assert.Equal((ulong)(a >> bits), x.From(bits));
            UInt128 shifted = (UInt128)(ulong)a << bits;
            Assert.Equal(new AgeNumber((ulong)(shifted >> 64), (ulong)shifted), AgeNumber.Shifted((ulong)a, bits));
            if (a > 0) { Assert.Equal((int)UInt128.Log2(a), x.Log2); }
        }
    }

    [Theory]
    [InlineData(false, 100, 900, 100)]
    [InlineData(true, 100, 900, 900)]
    [InlineData(false, 2_000_000_001, 900, 900)] // its mtime lies in the future: whatever was meant, it is not new for ever
    [InlineData(false, 2_000_000_001, 2_000_000_002, 2_000_000_000)]
    public void A_file_is_as_new_as_its_mtime_says_unless_that_lies_in_the_future(bool byCtime, long mtime, long ctime, long counts)
    {
        var order = new AgeOrder(Now, byCtime);
        EntryStat file = Stat(new FileTime(mtime, 5), 1) with { Ctime = new FileTime(ctime, 5) };
        Assert.Equal(new AgeOrder(Now, false).Of(Stat(new FileTime(counts, 5), 1)), order.Of(in file));
        Assert.True(order.Of(in file) < order.Top);
    }

    [Fact]
    public void Files_of_one_time_have_an_order_and_a_nanosecond_makes_one()
    {
        var order = new AgeOrder(Now, false);
        AgeNumber a = order.Of(Stat(new FileTime(7, 1), 10)), b = order.Of(Stat(new FileTime(7, 1), 11));
        AgeNumber c = order.Of(Stat(new FileTime(7, 2), 12));
        Assert.True(b < a && a < c);
        Assert.True(order.Of(Stat(new FileTime(long.MinValue, 0), 1)) < order.Of(Stat(new FileTime(-1, 0), 1)));
    }

    [Fact]
    public void A_cut_has_exactly_the_newest_files_and_no_more_than_it_may()
    {
        var random = new Random(2);
        for (int round = 0; round < 50; round++)
        {
            var order = new AgeOrder(Now, false);
            EntryStat[] files = [.. Enumerable.Range(1, random.Next(1, 3000)).Select(i => Random(random, i))];
            var ages = new AgeHistogram(order, order.Top, static size => size);
            foreach (EntryStat file in files) { ages.Add(in file); }
            Assert.Equal((files.Length, files.Sum(static f => f.Size)), (ages.Files, ages.Bytes));
            long bytes = random.Next(1 << 30), most = random.Next(1, 4000);
            AgeCut cut = ages.Cut(bytes, most);
            EntryStat[] taken = [.. files.Where(f => order.Of(in f) >= cut.Floor)];
            Assert.Equal((taken.Length, taken.Sum(static f => f.Size)), (cut.Files, cut.Bytes));
            Assert.True(cut.Bytes <= bytes && cut.Files <= most);
        }
    }

    [Fact]
    public void Looking_closer_and_closer_comes_to_the_single_file_at_which_a_budget_ends()
    {
        var order = new AgeOrder(Now, false);
        // One time for all: only their inode numbers tell them apart.
        EntryStat[] files = [.. Enumerable.Range(1, 5000)
            .Select(static i => Stat(new FileTime(1_500_000_000, 0), (ulong)i) with { Size = 100 })];
        AgeNumber top = order.Top;
        for (int looks = 0; ; looks++)
        {
            var ages = new AgeHistogram(order, top, static size => size);
            foreach (EntryStat file in files) { ages.Add(in file); }
            AgeCut cut = ages.Cut(long.MaxValue, mostFiles: 10);
            if (cut.Files > 0)
            {
                Assert.Equal(files.Take((int)cut.Files).Select(static f => f.Inode), // those with the least numbers
                    files.Where(f => order.Of(in f) >= cut.Floor).Select(static f => f.Inode));
                break;
            }

            Assert.Equal(5000, ages.Files);
            ages.First(out AgeNumber? finer);
            top = finer!.Value;
            Assert.InRange(looks, 0, 16);
        }
    }

    private static EntryStat Random(Random random, int i) =>
        Stat(new FileTime(Now.Seconds - random.NextInt64(1L << random.Next(1, 30)), random.Next(1_000_000_000)), (ulong)i) with
        {
            Size = random.Next(1 << 20),
        };

    private static EntryStat Stat(FileTime time, ulong inode) => new() { Mtime = time, Ctime = time, Inode = inode };
}
