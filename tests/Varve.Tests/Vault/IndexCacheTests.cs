using Varve.History;
using Varve.Lookup;
using Varve.Model;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Vault;

namespace Varve.Tests.Vault;

/// <summary>
/// The decrypted index runs in the local cache: damaged ones never lead to a wrong restore, never hide what is there, never claim what is
/// not.
/// </summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class IndexCacheTests
{
    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 60)]
    public void Flipped_bytes_in_cached_runs_change_nothing(int seed, int rounds)
    {
        var random = new Random(seed);
        using SmallRepository copy = Damaged.Pristine.Copy(withCache: true);
        for (int round = 0; round < rounds; round++)
        {
            foreach (string path in CachedRuns(copy))
            {
                byte[] bytes = File.ReadAllBytes(path);
                for (int i = random.Next(1, 4); i > 0; i--) { bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256); }
                Replace(path, bytes);
            }

            Assert.Empty(Damaged.Judge(copy));
            if (round % 10 == 0) { Assert.Empty(copy.Check(false).Damages); }
        }
    }

    [Fact]
    public void A_cached_run_that_misquotes_footers_does_not_have_the_run_left_out_for_good()
    {
        using SmallRepository copy = Damaged.Pristine.Copy(withCache: true);
        foreach (string path in CachedRuns(copy))
        {
            byte[] bytes = File.ReadAllBytes(path);
            RunCounts counts = RunLayout.ReadCounts(bytes);
            for (int i = 0; i < counts.Packs; i++) { bytes[RunLayout.HeaderLength + i * RunLayout.PackLength + RunLayout.PackListed] ^= 1; }
            // So that reading fails, and somebody asks whose fault it is.
            for (int i = 0; i < counts.Blocks; i++) { BlockOf(bytes, in counts, i)[RunLayout.BlockRaw] ^= 1; }
            Replace(path, bytes);
        }

        Assert.Empty(Damaged.Judge(copy));
        Assert.Empty(copy.Check(false).Damages);
        using Repository opened = copy.Open();
        Assert.Empty(opened.Indexes.FalseRuns);
    }

    [Fact]
    public void A_cached_run_that_mixes_up_blocks_does_not_have_packs_distrusted_for_good()
    {
        using SmallRepository copy = Damaged.Pristine.Copy(withCache: true);
        foreach (string path in CachedRuns(copy))
        {
            byte[] bytes = File.ReadAllBytes(path);
            RunCounts counts = RunLayout.ReadCounts(bytes);
            byte[] last = BlockOf(bytes, in counts, (int)counts.Blocks - 1).ToArray();
            for (int i = (int)counts.Blocks - 1; i > 0; i--) { BlockOf(bytes, in counts, i - 1).CopyTo(BlockOf(bytes, in counts, i)); }
            last.CopyTo(BlockOf(bytes, in counts, 0));
            Replace(path, bytes);
        }

        Assert.Empty(Damaged.Judge(copy));
        Assert.Empty(copy.Check(false).Damages);
        using Repository opened = copy.Open();
        Assert.Empty(opened.Indexes.FalsePacks);
    }

    public static TheoryData<string> Ways =>
        ["cut in half", "cut by a record", "empty", "garbage", "another's", "another repository's", "absurd counts", "zeroed",
        "a directory's"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_cached_run_that_is_not_what_it_should_be_changes_nothing(string how)
    {
        using SmallRepository copy = Damaged.Pristine.Copy(withCache: true);
        string[] runs = CachedRuns(copy);
        Assert.Equal(3, runs.Length);
        byte[][] originals = [.. runs.Select(File.ReadAllBytes)];
        byte[] foreign = how == "another repository's" ? ForeignRun() : [];
        for (int i = 0; i < runs.Length; i++)
        {
            byte[] bytes = originals[i];
            if (how == "a directory's")
            {
                File.Delete(runs[i]);
                Directory.CreateDirectory(runs[i]);
                continue;
            }

            Replace(runs[i], how switch
            {
                "cut in half" => bytes[..(bytes.Length / 2)],
                "cut by a record" => bytes[..^48],
                "empty" => [],
                "garbage" => MixedTree.Bytes(i, bytes.Length),
                "another's" => originals[(i + 1) % runs.Length],
                "another repository's" => foreign,
                "absurd counts" => [.. bytes[..8], .. Enumerable.Repeat((byte)0xFF, 16), .. bytes[24..]],
                _ => [.. bytes[..32], .. new byte[bytes.Length - 32]],
            });
        }

        if (how == "a directory's")
        {
            // Not something a program left there: refused with a clear message.
            Assert.Equal(ErrorKind.Storage, Assert.Throws<VarveException>(() => { using Repository r = copy.Open(); _ = r.Indexes; }).Kind);
            return;
        }

        Assert.Empty(Damaged.Judge(copy));
        foreach (bool readData in (bool[])[false, true]) { Assert.Empty(copy.Check(readData).Damages); }
        Assert.Equal(originals.Select(o => o.Length).Order(), CachedRuns(copy).Select(static p => (int)new FileInfo(p).Length).Order());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_backup_with_damaged_cached_runs_stores_what_it_needs(int seed)
    {
        var random = new Random(seed);
        using SmallRepository repository = SmallRepository.Create();
        MixedTree.Create(repository.Source);
        repository.Backup();
        for (int step = 1; step <= 12; step++)
        {
            foreach (string path in CachedRuns(repository))
            {
                byte[] bytes = File.ReadAllBytes(path);
                for (int i = random.Next(1, 60); i > 0; i--) { bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256); }
                Replace(path, bytes);
            }

            MixedTree.Change(repository.Source, step);
            // What is forced is looked up, chunk by chunk.
            repository.Backup(force: step % 3 == 0);
            repository.RestoreExactly(repository.Snapshots[^1]);
            Directory.Delete(repository.Cache, recursive: true);
            repository.RestoreExactly(repository.Snapshots[^1]);
            using Repository opened = repository.Open();
            Assert.Equal(step + 1, CatalogMaintenance.Rebuild(opened, null, TestContext.Current.CancellationToken).Snapshots);
        }

        Assert.Empty(repository.Check(true).Damages);
    }

    [Fact]
    public void A_merge_of_cached_runs_that_are_damaged_does_not_fail_the_backup()
    {
        using SmallRepository repository = SmallRepository.Create();
        MixedTree.Create(repository.Source);
        for (int step = 1; step <= 24; step++)
        {
            MixedTree.Change(repository.Source, step);
            repository.Backup();
            // The last record: nobody looks it up, a merge reads all.
            if (step % 4 != 0) { continue; }
            foreach (string path in CachedRuns(repository))
            {
                byte[] bytes = File.ReadAllBytes(path);
                bytes[^(50 + 32 * (bytes[20] + (bytes[21] << 8)) + 96 * (bytes[28] + (bytes[29] << 8)))] ^= 1;
                Replace(path, bytes);
            }
        }

        foreach (ObjectName snapshot in repository.Snapshots.Where(static (_, i) => i % 6 == 5)) { repository.RestoreExactly(snapshot); }
        Assert.Empty(repository.Check(true).Damages);
    }

    [Fact]
    public void A_check_leaves_merged_runs_merged()
    {
        using SmallRepository repository = SmallRepository.Create();
        MixedTree.Create(repository.Source);
        for (int step = 1; step <= 9; step++)
        {
            MixedTree.Change(repository.Source, step);
            repository.Backup();
        }

        Assert.Contains(CachedRuns(repository), IsMerged);
        int runs = CachedRuns(repository).Length;
        Assert.Empty(repository.Check(true).Damages);
        Assert.Contains(CachedRuns(repository), IsMerged);
        Assert.InRange(CachedRuns(repository).Length, 1, runs);
        foreach (ObjectName snapshot in repository.Snapshots) { repository.RestoreExactly(snapshot); }

        static bool IsMerged(string path) => Path.GetFileName(path).StartsWith("merged-", StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_others_merge_away_at_any_moment_fail_nobody()
    {
        using SmallRepository repository = SmallRepository.Create();
        MixedTree.Create(repository.Source);
        for (int step = 1; step <= 3; step++)
        {
            MixedTree.Change(repository.Source, step);
            repository.Backup();
        }

        string folder = System.IO.Path.GetDirectoryName(CachedRuns(repository)[0])!;
        using var stop = new ManualResetEventSlim();
        var others = new Thread(() =>
        {
            while (!stop.IsSet)
            {
                foreach (string path in Directory.EnumerateFiles(folder, "*.run")) { File.Delete(path); }
            }
        });
        others.Start();
        try
        {
            for (int i = 0; i < 150; i++)
            {
                using Repository opened = repository.Open();
                opened.Indexes.Refresh();
                Assert.Equal(3, opened.Indexes.Origins.Count);
            }

            for (int step = 4; step <= 14; step++)
            {
                MixedTree.Change(repository.Source, step);
                repository.Backup();
            }

            Assert.Empty(repository.Check(true).Damages);
        }
        finally
        {
            stop.Set();
            others.Join();
        }

        Assert.Empty(repository.Warnings);
        foreach (ObjectName snapshot in repository.Snapshots) { repository.RestoreExactly(snapshot); }
    }

    internal static string[] CachedRuns(SmallRepository repository) =>
        [.. Directory.EnumerateFileSystemEntries(Directory.EnumerateDirectories(repository.Cache).Single(), "*.run",
        SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static Span<byte> BlockOf(byte[] run, in RunCounts counts, int i) =>
        run.AsSpan(RunLayout.HeaderLength + (int)counts.Packs * RunLayout.PackLength + i * RunLayout.BlockLength, RunLayout.BlockLength);

    private static byte[] ForeignRun()
    {
        using SmallRepository other = SmallRepository.Create();
        MixedTree.Create(other.Source);
        other.Backup();
        return File.ReadAllBytes(CachedRuns(other).Single());
    }

    private static void Replace(string path, byte[] bytes)
    {
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }
}
