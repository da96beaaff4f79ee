using System.Text;
using Varve.Format;
using Varve.History;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Tests.Maintain;

/// <summary>
/// Packs and index runs of somebody who may write and lies about where chunks are: nothing is lost by it, it is found out once, and named.
/// Two such packs once made 1,206 of 1,207 files unrestorable although every true chunk was intact.
/// </summary>
public sealed class PoisonTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();
    private readonly RunForger _forger;
    private readonly ObjectName _snapshot;
    private readonly List<(ChunkId Id, ChunkLocation Location)> _chunks = [];

    public PoisonTests()
    {
        MixedTree.Create(_small.Source);
        _snapshot = _small.Backup().Name;
        _forger = new RunForger(RepositoryOpener.OpenStore(_small.Location), _small.WriteOnly, _small.Options());
        using Repository opened = _small.Open();
        opened.Chunks.ForEach((in ChunkId id, in ChunkLocation location) => _chunks.Add((id, location)));
    }

    public void Dispose()
    {
        _forger.Dispose();
        _small.Dispose();
    }

    [Theory]
    [InlineData("as long as they are")]
    [InlineData("shorter")]
    [InlineData("longer")]
    public void Two_packs_with_false_footers_cost_no_file(string lengths)
    {
        PackContents[] poison = [Poison(1, lengths), Poison(2, lengths)];
        _forger.PutRun(poison);
        foreach (bool fresh in (bool[])[false, true])
        {
            if (fresh) { Directory.Delete(_small.Cache, recursive: true); }
            _small.RestoreExactly(_snapshot);
            using Repository opened = _small.Open();
            using var output = new MemoryStream();
            Dumper.Run(opened, opened.FindSnapshot("latest"), "b/deep/large"u8.ToArray(), output, TestContext.Current.CancellationToken);
            Assert.Equal(File.ReadAllBytes(Path.Combine(_small.Source, "b/deep/large")), output.ToArray());
            Assert.Equal(1, CatalogMaintenance.Rebuild(opened, null, TestContext.Current.CancellationToken).Snapshots);
        }
    }

    [Fact]
    public void False_packs_are_read_once_on_a_machine_and_are_last_from_then_on()
    {
        PackContents[] poison = [Poison(1, "as long as they are"), Poison(2, "as long as they are")];
        _forger.PutRun(poison);
        _small.RestoreExactly(_snapshot);
        using (Repository opened = _small.Open())
        {
            Assert.Equal(poison.Select(static p => p.Name).Order(), opened.Indexes.FalsePacks.Order());
            Assert.All(_chunks, c => Assert.True(opened.Indexes.Contains(c.Id)));
        }

        int asked = 0;
        var store = new HookStore(RepositoryOpener.OpenStore(_small.Location))
        {
            Ranged = (key, _, _) => { if (poison.Any(p => key == ObjectKeys.Pack(p.Name))) { Interlocked.Increment(ref asked); } },
        };
        using Repository again = Repository.Open(store, _small.Credentials, _small.Options());
        Assert.Equal(0, _small.Restore(again, _snapshot).Result.FailureCount);
        Assert.Equal(0, asked);
    }

    [Fact]
    public void A_check_names_false_packs_that_were_met_and_one_that_reads_finds_all_and_says_that_nothing_is_lost()
    {
        PackContents one = Poison(1, "as long as they are"), two = Poison(2, "as long as they are");
        _forger.PutRun([one, two]);
        Assert.Empty(_small.Check(false).Damages);
        CheckResult read = _small.Check(true);
        Assert.Empty(read.Damages);
        string[] names = [.. new[] { one, two }.Select(static p => ObjectKeys.Pack(p.Name)).Order(StringComparer.Ordinal)];
        Assert.Equal(names, read.Healed.Select(static h => h.Object));
        CheckResult later = _small.Check(false);
        Assert.Empty(later.Damages);
        Assert.Equal(names, later.Healed.Select(static h => h.Object));
    }

    [Fact]
    public void A_check_that_reads_says_which_files_have_no_true_copy()
    {
        PackContents poison = Poison(1, "as long as they are");
        _forger.PutRun([poison]);
        ObjectName lost;
        using (Repository opened = _small.Open())
        {
            lost = opened.Indexes.Packs().First(p => p.Kind == PackKind.Data && p.Name != poison.Name).Name;
        }

        File.Delete(Damaged.File(_small, ObjectKeys.Pack(lost)));
        CheckResult check = _small.Check(true);
        Assert.Contains(check.Damages, static d => d.IsContent && d.Affects.Length > 0);
        Assert.DoesNotContain(check.Healed, h => h.Object == ObjectKeys.Pack(lost));
    }

    [Fact]
    public void A_run_that_lies_about_packs_of_others_is_left_out_and_the_packs_stay_as_good_as_they_were()
    {
        // Every pack, with its blocks and chunks in another order: all places are wrong.
        PackContents[] packs = True();
        PackContents[] lies = [.. packs.Select(static p => p with
        {
            Blocks = [.. p.Blocks.Reverse().Select(static b => b with { Chunks = [.. b.Chunks.Reverse()] })],
        })];
        ObjectName run = _forger.PutRun([.. lies, .. lies]);
        _small.RestoreExactly(_snapshot);
        Directory.Delete(_small.Cache, recursive: true);
        _small.RestoreExactly(_snapshot);
        using (Repository opened = _small.Open())
        {
            Assert.Equal([run], opened.Indexes.FalseRuns);
            Assert.Empty(opened.Indexes.FalsePacks);
            Assert.All(_chunks, c => Assert.True(opened.Indexes.Contains(c.Id)));
            Assert.DoesNotContain(opened.Indexes.Listings(), l => l.Origin == run);
        }

        foreach (bool readData in (bool[])[false, true])
        {
            CheckResult check = _small.Check(readData);
            Assert.Empty(check.Damages);
            Assert.Single(check.Notes, n => n.Contains(ObjectKeys.Run(run), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_check_finds_a_run_that_lies_about_packs_before_anybody_reads(bool readData)
    {
        PackContents[] packs = True();
        ObjectName run = _forger.PutRun([packs[0] with { Blocks = [.. packs[0].Blocks.Reverse()] }, .. packs[1..]]);
        CheckResult check = _small.Check(readData);
        Assert.Empty(check.Damages);
        Assert.Single(check.Notes, n => n.Contains(ObjectKeys.Run(run), StringComparison.Ordinal));
        using Repository opened = _small.Open();
        Assert.Equal([run], opened.Indexes.FalseRuns);
    }

    [Fact]
    public void A_run_that_gives_every_pack_another_size_makes_no_pack_count_as_missing()
    {
        _forger.PutRun([.. True().Select(static p => p with
        {
            // Compressed, since what is not is as long as its chunks are.
            Size = p.Size + 1,
            Blocks = [.. p.Blocks.SkipLast(1), p.Blocks[^1] with { StoredLength = p.Blocks[^1].StoredLength + 1, Codec = Codec.Zstd }],
        })]);
        _small.RestoreExactly(_snapshot);
        Assert.Empty(_small.Check(false).Damages);
        using Repository opened = _small.Open();
        opened.Indexes.AvoidMissing();
        Assert.All(_chunks, c => Assert.True(opened.Indexes.Contains(c.Id)));
    }

    [Fact]
    public void A_run_of_a_hundred_thousand_chunks_at_wrong_places_costs_one_look_at_the_pack()
    {
        PackedChunk[] claimed = [.. _chunks.Select(static c => new PackedChunk(c.Id, c.Location.Length)),
            .. Enumerable.Range(0, 100_000).Select(static i => new PackedChunk(Some.Id(i), 10))];
        byte[] garbage = MixedTree.Bytes(9, claimed.Sum(static c => (int)c.Length));
        PackContents poison = _forger.PutPack(garbage, claimed);
        _forger.PutRun([poison]);
        int blocks = 0;
        var store = new HookStore(RepositoryOpener.OpenStore(_small.Location))
        {
            Ranged = (key, _, length) =>
            {
                if (key == ObjectKeys.Pack(poison.Name) && length >= garbage.Length) { Interlocked.Increment(ref blocks); }
            },
        };
        using Repository opened = Repository.Open(store, _small.Credentials, _small.Options());
        Assert.Equal(0, _small.Restore(opened, _snapshot).Result.FailureCount);
        Assert.InRange(blocks, 1, 6); // each thread may have been on its way
    }

    /// <summary>A pack that claims every chunk there is, and holds none of them.</summary>
    private PackContents Poison(int seed, string lengths)
    {
        PackedChunk[] claimed = [.. _chunks.Select(c => new PackedChunk(c.Id, lengths switch
        {
            "shorter" => Math.Max(1, c.Location.Length / 2),
            "longer" => c.Location.Length + 100,
            _ => c.Location.Length,
        }))];
        return _forger.PutPack(MixedTree.Bytes(seed, claimed.Sum(static c => (int)c.Length)), claimed);
    }

    private PackContents[] True()
    {
        using Repository opened = _small.Open();
        return [.. opened.Indexes.Packs().Select(p => opened.Footers.Read(p.Name, p.Size))];
    }
}
