using Varve.Model;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Vault;
using Varve.Vault.Runs;

namespace Varve.Tests.Vault;

/// <summary>Files of the cache that are cut short while they are in use: by a failing disk, or somebody who makes room.</summary>
public sealed class CutCacheTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public void A_cached_run_that_is_cut_short_while_it_is_open_is_made_again_and_nothing_ends(int left)
    {
        using SmallRepository repository = SmallRepository.Create();
        MixedTree.Create(repository.Source);
        repository.Backup();
        using Repository opened = repository.Open();
        int chunks = opened.Indexes.Packs().Count;
        foreach (string run in IndexCacheTests.CachedRuns(repository))
        {
            using FileStream file = File.OpenWrite(run);
            file.SetLength(left);
        }

        using Repository fresh = repository.Open();
        Assert.Equal(chunks, fresh.Indexes.Packs().Count);
        repository.RestoreExactly(repository.Snapshots[^1]);
        Assert.Empty(repository.Check(true).Damages);
        Assert.Equal(chunks, opened.Indexes.Packs().Count);
    }
}
