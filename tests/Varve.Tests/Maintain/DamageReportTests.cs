using Varve.Format;
using Varve.Lookup;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Maintain;

/// <summary>A damage report names its object once, and says what can be done.</summary>
public sealed class DamageReportTests
{
    [Fact]
    public void A_damaged_block_is_named_once_and_so_is_its_pack()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        string key = Damaged.Objects.First(static o => o.Sort == "data pack").Key;
        byte[] bytes = File.ReadAllBytes(Damaged.File(copy, key));
        bytes[PackLayout.HeaderLength + 1] ^= 1;
        Damaged.Write(copy, key, bytes);

        CheckResult result = copy.Check(readData: true);
        Damage damage = Assert.Single(result.Damages);
        Assert.Equal(Subject.Object(key), damage.Subject);
        Assert.Equal(key, damage.Object);
        Assert.Equal("block 0 is damaged: its tag does not match", damage.Problem);
        Assert.Equal(Advice.RestoreObject, damage.Advice);

        using Repository opened = copy.Open();
        VarveException e = ReadingFails(opened, key);
        Assert.Equal(Subject.Object(key).Within("block 0"), e.Subject);
        Assert.Equal($"block 0 of {key} is damaged: its tag does not match", e.Message);
    }

    [Theory]
    [InlineData("meta pack", 0)]
    [InlineData("data pack", PackLayout.HeaderLength - 1)]
    public void A_damaged_header_of_a_pack_names_the_pack_once(string sort, int at)
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        string key = Damaged.Objects.First(o => o.Sort == sort).Key;
        byte[] bytes = File.ReadAllBytes(Damaged.File(copy, key));
        bytes[at] ^= 1;
        Damaged.Write(copy, key, bytes);
        Damage damage = copy.Check(readData: true).Damages.Single(d => d.Object == key);
        Assert.DoesNotContain(key, damage.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(key[^64..], damage.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index")]
    [InlineData("snapshots")]
    [InlineData("keys")]
    public void Each_sort_of_object_is_found_by_its_key_and_not_by_words(string sort)
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        string key = Damaged.Objects.First(o => o.Sort == sort && o.Key != OwnSlot()).Key;
        byte[] bytes = File.ReadAllBytes(Damaged.File(copy, key));
        bytes[^1] ^= 1;
        Damaged.Write(copy, key, bytes);
        Damage damage = copy.Check(readData: false).Damages.Single(d => d.Object == key);
        Assert.Equal(Subject.Object(key), damage.Subject);
        Assert.DoesNotContain(key[^64..], damage.Problem, StringComparison.Ordinal);
        Assert.NotEqual(Advice.None, damage.Advice);
    }

    // The slot that opens the repository must stay whole.
    private static string OwnSlot()
    {
        using Repository repository = Damaged.Pristine.Open();
        return ObjectKeys.KeySlot(repository.Keys().Single(static k => k.IsCurrent).Name);
    }

    private static VarveException ReadingFails(Repository repository, string key)
    {
        foreach (RunReader run in repository.Chunks.Runs)
        {
            var blocks = new List<BlockLocation>();
            run.ForEach(
                (in ChunkId _,
                in ChunkLocation location) =>
                { if (ObjectKeys.Pack(location.Block.Pack) == key) { blocks.Add(location.Block); } });
            foreach (BlockLocation block in blocks.Where(static b => b.Number == 0))
            {
                return Assert.Throws<VarveException>(() => repository.Blocks.Read(in block, new byte[block.RawLength]));
            }
        }

        throw new InvalidOperationException($"no run lists {key}");
    }
}
