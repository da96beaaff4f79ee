using System.Buffers.Binary;
using System.Globalization;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Platform;

namespace Varve.Tests.Lookup;

public sealed class RunSieveTests : IDisposable
{
    private const int Large = 120_000; // records of 5.8 MB: more than is mapped

    private readonly RunFile _sieved = new() { WithSieve = true }, _plain = new();

    public void Dispose()
    {
        _sieved.Dispose();
        _plain.Dispose();
    }

    private static PackContents Pack(int count, int perBlock = 50) =>
        Some.Pack(Some.Name(1), Enumerable.Range(0, count).Select(i => Some.Id(i)), perBlock);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(3000)]
    [InlineData(Large)]
    public void A_run_with_a_sieve_finds_what_it_holds_and_nothing_else(int count)
    {
        PackContents pack = Pack(count);
        using RunReader run = _sieved.Open(9, pack);
        Assert.True(run.HasSieve);
        RunFile.AssertHolds(RunFile.Expect(pack), run);
        for (int i = 0; i < 5000; i++) { Assert.False(run.Contains(Some.Id(1_000_000 + i))); }
        Assert.False(run.Contains(default));
        Assert.False(run.Contains(new ChunkId(Enumerable.Repeat((byte)255, 32).ToArray())));
    }

    [Fact]
    public void A_large_run_without_a_sieve_is_searched_too()
    {
        PackContents pack = Pack(Large);
        using RunReader run = _plain.Open(9, pack);
        Assert.False(run.HasSieve);
        RunFile.AssertHolds(RunFile.Expect(pack), run);
        for (int i = 0; i < 2000; i++) { Assert.False(run.Contains(Some.Id(1_000_000 + i))); }
    }

    [Fact]
    public void Ids_that_crowd_one_line_are_told_apart()
    {
        // 3,000 of the same first 28 bytes, in one line of the sieve; the others leave gaps in theirs.
        byte[][] crowd = [.. Enumerable.Range(0, 3000).Select(i =>
        {
            var bytes = new byte[32];
            bytes.AsSpan().Fill(0x77);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(28), i * 2);
            return bytes;
        })];
        PackContents pack = Some.Pack(Some.Name(1),
            [default, .. crowd.Select(b => new ChunkId(b)), .. Enumerable.Range(0, 100).Select(i => Some.Id(i))]);
        using RunReader run = _sieved.Open(9, pack);
        RunFile.AssertHolds(RunFile.Expect(pack), run);
        foreach (byte[] absent in crowd)
        {
            absent[31]++;
            Assert.False(run.Contains(new ChunkId(absent)));
        }
    }

    [Fact]
    public void A_sieve_changes_no_answer()
    {
        var random = new Random(5);
        for (int round = 0; round < 20; round++)
        {
            PackContents pack = Some.Pack(Some.Name(1), Enumerable.Range(0, random.Next(1, 3000)).Select(_ => Some.Id(random.Next(4000))));
            using RunReader sieved = _sieved.Open(1, pack), plain = _plain.Open(1, pack);
            Assert.Equal(plain.Hash(), sieved.Hash());
            for (int i = 0; i < 4000; i++)
            {
                Assert.Equal(plain.TryFind(Some.Id(i), out ChunkLocation expected), sieved.TryFind(Some.Id(i), out ChunkLocation found));
                Assert.Equal(expected, found);
            }
        }
    }

    [Fact]
    public void A_line_matches_what_the_plain_rule_says()
    {
        var random = new Random(6);
        Span<byte> line = new byte[SieveLine.Length];
        for (int round = 0; round < 2000; round++)
        {
            int[] positions = [.. Enumerable.Range(0, random.Next(0, 70)).Select(_ => random.Next(random.Next(1, 1024))).Order()];
            SieveLine.Write(line, 1000, positions);
            for (int position = 0; position < 1024; position += random.Next(1, 20))
            {
                Assert.True(SieveLine.TryMatch(line, position, out uint first, out int count));
                if (count == -1) { continue; } // crowded: all may match
                int expected = Array.IndexOf(positions, position);
                Assert.Equal(positions.Count(p => p == position), count);
                if (expected >= 0) { Assert.Equal(1000u + (uint)expected, first); }
            }

            // Only lines that cannot be written otherwise are crowded.
            bool fits = positions.Length <= 58
                && Enumerable.Range(0, positions.Length).All(i => positions[i] - (i == 0 ? 0 : positions[i - 1]) <= 255);
            SieveLine.TryMatch(line, 1023, out _, out int all);
            Assert.Equal(!fits, all == -1);
        }
    }

    [Fact]
    public void A_damaged_sieve_is_damage_or_an_absent_chunk_but_never_a_wrong_place()
    {
        PackContents pack = Pack(400);
        Dictionary<ChunkId, List<ChunkLocation>> expected = RunFile.Expect(pack);
        long length;
        using (RunReader run = _sieved.Open(9, pack)) { length = run.Length; }
        byte[] good = File.ReadAllBytes(_sieved.LastPath);
        var random = new Random(3);
        int damaged = 0;
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = (byte[])good.Clone();
            bytes[random.Next((int)length, bytes.Length)] ^= (byte)(1 << random.Next(8));
            using RunReader run = _plain.Open(bytes);
            foreach (ChunkId id in expected.Keys)
            {
                try
                {
                    if (run.TryFind(id, out ChunkLocation location)) { Assert.Contains(location, expected[id]); }
                }
                catch (VarveException e)
                {
                    Assert.Equal(ErrorKind.Damaged, e.Kind);
                    damaged++;
                }
            }
        }

        Assert.True(damaged > 20);
    }

    [Fact]
    public void A_sieve_that_was_never_written_to_disk_is_damage_and_not_an_index_without_chunks()
    {
        PackContents pack = Pack(400);
        long length;
        using (RunReader run = _sieved.Open(9, pack)) { length = run.Length; }
        byte[] bytes = File.ReadAllBytes(_sieved.LastPath);
        bytes.AsSpan((int)length).Clear();
        using RunReader zeros = _plain.Open(bytes);
        DamagedBytes.Is(() => zeros.Contains(Some.Id(1)));
    }

    [Fact]
    public void Look_ups_do_not_make_a_large_run_resident()
    {
        using RunReader run = _sieved.Open(9, Pack(Large));
        int own = Directory.EnumerateFiles("/proc/self/fd").Where(fd => new FileInfo(fd).LinkTarget == _sieved.LastPath)
            .Select(static fd => int.Parse(Path.GetFileName(fd), CultureInfo.InvariantCulture)).Single();
        int reads = 0;
        using (new SystemCallWatch((call, fd, _) => (call == SystemCall.Read && fd == own ? Interlocked.Increment(ref reads) : 0) * 0))
        {
            for (int i = 0; i < 2 * Large; i++) { Assert.Equal(i < Large, run.Contains(Some.Id(i))); }
        }

        // Each record that is looked at is read by itself; what is kept is the sieve and the fence, in pages.
        Assert.True(reads >= Large, $"{reads} reads for {Large} records");
        Assert.Equal(0, Resident(_sieved.LastPath));
    }

    [Fact]
    public void Looking_up_allocates_nothing()
    {
        using var index = new ChunkIndex();
        index.AddRun(_sieved.Open(1, Pack(Large)));
        index.AddRun(_plain.Open(2, Some.Pack(Some.Name(2), Enumerable.Range(Large, 500).Select(i => Some.Id(i)))));
        ChunkId[] ids = [.. Enumerable.Range(0, 3 * Large).Where(i => i % 30 == 0).Select(i => Some.Id(i))];
        int found = 0;
        void LookUp()
        {
            foreach (ChunkId id in ids) { found += (index.Contains(id) ? 1 : 0) + (index.TryFind(id, out ChunkLocation _) ? 1 : 0); }
        }

        LookUp();
        Assert.Equal(0, Allocations.Of(LookUp));
        Assert.True(found > 0);
    }

    /// <summary>Bytes of a file's mappings that are resident in this process.</summary>
    private static long Resident(string path)
    {
        long sum = 0;
        bool within = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string first = line.Split(' ', 2)[0];
            if (!first.EndsWith(':')) { within = line.EndsWith(path, StringComparison.Ordinal); }
            else if (within && first == "Rss:") { sum += 1024 * long.Parse(line[4..^3].Trim(), CultureInfo.InvariantCulture); }
        }

        return sum;
    }
}
