using System.Buffers.Binary;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Vault;

/// <summary>What it costs to keep the local cache of the index merged, in chunks that are written again.</summary>
public sealed class MergingCostTests : IDisposable
{
    private readonly Rig _rig = new();
    private readonly HashSet<string> _seen = [];
    private long _written, _next;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Many_runs_of_one_size_are_merged_a_logarithmic_number_of_times()
    {
        const int runs = 300, each = 20;
        Write(Enumerable.Repeat(each, runs));
        Assert.InRange(_written, 1, (long)runs * each * (int)Math.Ceiling(Math.Log2(runs)));
    }

    [Fact]
    public void Runs_of_any_sizes_are_merged_a_logarithmic_number_of_times()
    {
        var random = new Random(4);
        int[] sizes = [.. Enumerable.Range(0, 200).Select(_ => 1 << random.Next(0, 12))];
        Write(sizes);
        Assert.InRange(_written, 1, sizes.Sum(static s => (long)s) * (int)Math.Ceiling(Math.Log2(sizes.Sum(static s => (long)s))));
    }

    [Fact]
    public void Large_runs_are_not_written_again_for_each_small_one()
    {
        // Each is larger than all that are smaller: merging any would write more than it gains.
        int[] large = [.. Enumerable.Range(0, 7).Select(static i => 30_000 >> i)];
        Write(large);
        Assert.Equal(0, _written);
        const int small = 60;
        Write(Enumerable.Repeat(1, small));
        Assert.InRange(_written, 1, small * 7);
    }

    private void Write(IEnumerable<int> sizes)
    {
        using Repository repository = _rig.Open();
        repository.LoadIndex();
        foreach (int size in sizes)
        {
            PackContents pack = Some.Pack(Some.Name(_next), Enumerable.Range(0, size).Select(_ => Some.Id(_next++)), 50);
            _next++;
            repository.Indexes.WriteRun([Sized(pack)]);
            Count();
            Assert.InRange(repository.Chunks.Runs.Count, 1, 6 + (int)Math.Ceiling(Math.Log2(_next)));
        }

        Assert.Equal(_next, repository.Chunks.Runs.Sum(static r => (long)r.ChunkCount) + repository.Indexes.Origins.Count);
    }

    private void Count()
    {
        string folder = Path.Combine(Directory.EnumerateDirectories(_rig.Cache).Single(), "index");
        foreach (string path in Directory.EnumerateFiles(folder, "merged-*.run").Where(_seen.Add))
        {
            using FileStream file = File.OpenRead(path);
            var header = new byte[32];
            file.ReadExactly(header);
            _written += BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16));
        }
    }

    // The size that its footer gives it.
    private static PackContents Sized(PackContents pack)
    {
        var footer = new Varve.Model.Bytes.ByteWriter();
        Varve.Pack.PackFooter.Encode(footer, pack.Blocks);
        return pack with
        {
            Size = 145 + pack.Blocks.Sum(static b => (long)b.StoredLength) + Varve.Format.SealLayout.SealedLength(footer.Length) + 12,
        };
    }
}
