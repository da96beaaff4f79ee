using Varve.Format;
using Varve.Maintain.Check;
using Varve.Maintain.Findings;
using Varve.Maintain.Stats;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Maintain;

/// <summary>
/// Objects that somebody who can write to the storage made longer than anybody can read: <c>truncate -s 2T</c>. What is found out by their
/// length is not found out by reading them.
/// </summary>
public sealed class HugeObjectTests : IDisposable
{
    private const string Digits = "0123456789abcdef0123456789abcdef";

    private readonly SmallRepository _small = SmallRepository.Create();

    public HugeObjectTests()
    {
        File.WriteAllText(Path.Combine(_small.Source, "f"), "content");
        _small.Backup();
    }

    public void Dispose() => _small.Dispose();

    [Theory]
    [InlineData("index", true)]
    [InlineData("index", false)]
    [InlineData("snapshots", true)]
    [InlineData("packs", true)]
    [InlineData("keys", true)]
    public void A_check_names_an_object_that_grew_to_2_TiB_in_no_time(string sort, bool isCached)
    {
        string path = Directory.EnumerateFiles(Path.Combine(_small.Store, sort), "*", SearchOption.AllDirectories).Order().First();
        if (sort == "keys") { path = Copy(path); } // the one that opens it stays
        Grow(path, 1L << 41);
        if (!isCached) { Directory.Delete(_small.Cache, recursive: true); }
        CheckResult check = Within.Run(() => _small.Check(true));
        Assert.Contains(check.Damages, d => path.EndsWith(d.Object, StringComparison.Ordinal));
        Assert.InRange(check.BytesRead, 0, 10 << 20);
    }

    [Theory]
    [InlineData(ObjectKeys.Index + Digits + Digits)]
    [InlineData(ObjectKeys.Snapshots + "0123456789abcdef/" + Digits + Digits)]
    [InlineData(ObjectKeys.Packs + "01/" + Digits + Digits)]
    [InlineData(ObjectKeys.Keys + Digits + Digits)]
    [InlineData(ObjectKeys.Condemned + Digits + Digits)]
    [InlineData(ObjectKeys.Sessions + Digits)]
    public void One_of_8_EiB_that_was_planted_is_named_and_neither_read_nor_summed_up(string key)
    {
        foreach (string planted in (string[])[key, key[..^1] + "0"])
        {
            string path = Damaged.File(_small, planted);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Grow(path, long.MaxValue - 4095);
        }

        CheckResult check = Within.Run(() => _small.Check(true));
        Assert.Contains(check.Damages, d => d.Object.StartsWith(key, StringComparison.Ordinal));
        using Repository repository = _small.Open();
        Assert.Equal(long.MaxValue, Statistics.Run(repository).StoredBytes);
    }

    [Fact]
    public void A_check_that_is_to_end_reads_no_index_run_to_its_end()
    {
        var store = new MemoryStore();
        string key = ObjectKeys.Index + Digits + Digits;
        store.Put(key, new byte[8 << 20]);
        using var cancel = new CancellationTokenSource();
        int ranges = 0;
        var held = new HookStore(store)
        {
            Ranged = (_, _, _) =>
            {
                ranges++;
                cancel.Cancel();
            },
        };
        using Repository repository = _small.Open();
        Assert.ThrowsAny<OperationCanceledException>(() => RunChecker.Run(
            held, repository.Indexes, new Dictionary<string, long> { [key] = 8 << 20 }, new CheckFindings(new CheckMonitor()), cancel.Token));
        Assert.Equal(1, ranges);
    }

    [Fact]
    public void A_block_that_is_stored_in_more_than_any_may_be_is_not_read_by_a_check()
    {
        using Repository repository = _small.Open();
        var malice = new Malice(repository);
        byte[] payload = new byte[Limits.MaxBlock + 4096];
        ObjectName pack = malice.PutBlock(payload, 1, Codec.Zstd, [new PackedChunk(repository.Hasher.Compute([1]), 1)]);
        CheckResult check = Engine.Check(repository, readData: true, workers: 1);
        Damage damage = Assert.Single(check.Damages);
        Assert.Contains(pack.ToString(), damage.Object, StringComparison.Ordinal);
        Assert.Contains($"claims {payload.Length + 16} bytes", damage.Problem, StringComparison.Ordinal);
        Assert.InRange(check.BytesRead, 0, 10 << 20);
    }

    private static void Grow(string path, long length)
    {
        if (File.Exists(path)) { File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite); }
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        file.SetLength(length);
    }

    private static string Copy(string path)
    {
        string copy = Path.Combine(Path.GetDirectoryName(path)!, Digits + Digits);
        File.Copy(path, copy);
        return copy;
    }
}
