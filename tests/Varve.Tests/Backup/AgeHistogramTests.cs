using Varve.Backup.Passes;
using Varve.Model;

namespace Varve.Tests.Backup;

public sealed class AgeHistogramTests
{
    private static readonly FileTime Now = new(2_000_000_000, 0);

    [Fact]
    public void Buckets_ascend_with_age_and_are_a_sixteenth_of_it_wide_at_most()
    {
        var ages = new AgeHistogram(Now, long.MaxValue);
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            long age = random.NextInt64(1L << random.Next(1, 34)), older = age + random.NextInt64(1 + age / 4);
            int a = Bucket(age), b = Bucket(older);
            Assert.True(a <= b, $"{age} {older}");
            if (older - age > age / 16 + 1) { Assert.True(a < b, $"{age} and {older} are both in {a}"); }
        }

        int Bucket(long age) => ages.BucketOf(new FileTime(Now.Seconds - age, 0));
    }

    [Theory]
    [InlineData(2_000_000_001, 0)]
    [InlineData(long.MaxValue, 0)]
    [InlineData(2_000_000_000, 0)]
    public void The_future_is_as_new_as_can_be(long seconds, int bucket) =>
        Assert.Equal(bucket, new AgeHistogram(Now, 1).BucketOf(new FileTime(seconds, 5)));

    [Fact]
    public void The_oldest_time_there_is_has_a_bucket()
    {
        var ages = new AgeHistogram(Now, 10);
        ages.Add(new EntryStat { Size = 5, Mtime = new FileTime(long.MinValue, 0), Ctime = new FileTime(long.MinValue, 0) });
        Assert.Single(ages.Bands(1));
    }

    [Fact]
    public void Each_file_is_in_one_band_and_newer_bands_come_first_and_as_large_as_fits_what_is_wanted()
    {
        var random = new Random(2);
        for (int round = 0; round < 50; round++)
        {
            var ages = new AgeHistogram(Now, 1 << 20);
            EntryStat[] files = [.. Enumerable.Range(0, random.Next(1, 3000))
                .Select(_ => Stat(random.NextInt64(1L << random.Next(1, 30)), random.Next(1 << 20)))];
            foreach (EntryStat file in files) { ages.Add(in file); }
            long wanted = random.Next(1, 1 << 30);
            IReadOnlyList<int> bands = ages.Bands(wanted);
            Assert.Equal(bands.Order().Distinct(), bands);
            Assert.All(files, f => Assert.True(ages.IsWithin(in f, bands[^1])));
            for (int b = 0; b + 1 < bands.Count; b++, wanted *= 2)
            {
                long bytes = files.Where(f => ages.IsWithin(in f, bands[b]) && (b == 0 || !ages.IsWithin(in f, bands[b - 1])))
                    .Sum(static f => f.Size + 1024);
                bool isOneBucket = files.All(f => !ages.IsWithin(in f, bands[b]) || (b > 0 && ages.IsWithin(in f, bands[b - 1]))
                    || !ages.IsWithin(in f, bands[b] - 1));
                Assert.True(bytes <= wanted || isOneBucket, $"band {b} has {bytes} of {wanted}");
                int next = bands[b] + 1;
                while (!files.Any(f => ages.IsWithin(in f, next) && !ages.IsWithin(in f, next - 1))) { next++; }
                long more = files.Where(f => ages.IsWithin(in f, next) && !ages.IsWithin(in f, next - 1)).Sum(static f => f.Size + 1024);
                Assert.True(bytes + more > wanted, $"band {b} has {bytes} of {wanted}, and there was room for {more}");
            }
        }
    }

    [Fact]
    public void What_is_larger_than_the_largest_is_in_no_band()
    {
        var ages = new AgeHistogram(Now, 100);
        EntryStat large = Stat(5, 101), small = Stat(50, 100);
        ages.Add(in large);
        Assert.Empty(ages.Bands(1));
        Assert.True(ages.HasLarger);
        ages.Add(in small);
        Assert.Equal((false, true), (ages.IsWithin(in large, ages.Bands(1)[0]), ages.IsWithin(in small, ages.Bands(1)[0])));
    }

    private static EntryStat Stat(long age, long size) =>
        new()
        {
            Kind = EntryKind.File, Size = size, Mtime = new FileTime(Now.Seconds - age - 100, 0),
            Ctime = new FileTime(Now.Seconds - age, 0)
        };
}
