using Varve.Model.Bytes;
using Varve.Tests.Kit;
using Varve.Tree.Lists;

namespace Varve.Tests.Tree;

public sealed class FailureListTests
{
    private static Failure[] Make(int count, int pathLength = 20)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count)
            .Select(i =>
            new Failure(Some.Bytes(random, random.Next(pathLength)), (FailedOperation)(1 + i % 6), i % 3 == 0 ? 0 : random.Next(200),
            $"größer {i}"))];
    }

    private static byte[] Encode(IReadOnlyList<Failure> failures, out int listed)
    {
        var writer = new ByteWriter();
        listed = FailureList.Encode(writer, failures);
        return writer.ToArray();
    }

    private static IEnumerable<(string, FailedOperation, int, string)> Flat(IEnumerable<Failure> failures) =>
        failures.Select(f => (Convert.ToHexString(f.Path), f.Operation, f.Errno, f.Message));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(500)]
    public void Failures_come_back_as_they_were(int count)
    {
        Failure[] failures = Make(count);
        byte[] chunk = Encode(failures, out int listed);
        Assert.Equal(count, listed);
        Assert.Equal(MetaKind.FailureList, MetaChunk.Kind(chunk));
        Assert.Equal(Flat(failures), Flat(FailureList.Decode(chunk)));
    }

    [Fact]
    public void A_list_has_the_bytes_the_format_says() =>
        Assert.Equal([5, 1, 1, 1, (byte)'p', 4, 5, 2, (byte)'n', (byte)'o'],
        Encode([new Failure("p"u8.ToArray(), FailedOperation.Read, 5, "no")], out _));

    [Fact]
    public void Only_the_first_10_000_are_listed()
    {
        Failure[] failures = Make(10_500);
        byte[] chunk = Encode(failures, out int listed);
        Assert.Equal(10_000, listed);
        Assert.Equal(Flat(failures.Take(10_000)), Flat(FailureList.Decode(chunk)));
    }

    [Fact]
    public void A_list_of_long_paths_stays_within_a_chunk()
    {
        byte[] chunk = Encode(Make(9_000, 5000), out int listed);
        Assert.InRange(listed, 100, 8_999);
        Assert.InRange(chunk.Length, 1 << 20, 16 << 20);
        Assert.Equal(listed, FailureList.Decode(chunk).Count);
    }

    [Fact]
    public void A_failure_of_a_restore_is_refused() =>
        Assert.Throws<ArgumentException>(() => Encode([new Failure([], FailedOperation.Write, 0, "")], out _));

    [Fact]
    public void Damaged_lists_never_crash()
    {
        byte[] chunk = Encode(Make(30), out _);
        DamagedBytes.Survives(chunk, c => FailureList.Decode(c));
        DamagedBytes.RejectsTruncation(chunk, c => FailureList.Decode(c));
    }
}
