using Varve.Format;
using Varve.History;
using Varve.Model;
using Varve.Platform;
using Varve.Restore;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Restore;

/// <summary>What reads while everything it reads is repacked and deleted (reader_lists_anew in docs/protocol.md).</summary>
public sealed class PrunedMeanwhileTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();
    private int _prunes;

    public void Dispose()
    {
        Gate.Visit(null);
        _small.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_restore_beside_ten_prunes_gets_every_byte(bool withColdCache)
    {
        MixedTree.Create(_small.Source);
        for (int step = 1; step <= 3; step++)
        {
            MixedTree.Change(_small.Source, step);
            _small.Backup();
        }

        if (withColdCache) { Directory.Delete(_small.Cache, recursive: true); }
        using Repository reader = _small.Open();
        Gate.Visit(point =>
        {
            // Each thread that has written a block stands here while all that is left is moved away from under it.
            if (point == Gate.BlockWritten) { lock (this) { PruneUpTo(10); } }
        });
        (RestoreResult result, IReadOnlyList<string> unexplained) = _small.Restore(reader, _small.Snapshots[^1]);
        Gate.Visit(null);
        Assert.Equal(10, _prunes);
        Assert.Empty(unexplained);
        Assert.Equal([], result.Failures.Select(static f => f.Message));
        _small.RestoreExactly(_small.Snapshots[0]);
        Assert.Empty(_small.Check(true).Damages);
    }

    [Fact]
    public void A_dump_and_a_rebuilt_catalog_beside_prunes_read_everything()
    {
        MixedTree.Create(_small.Source);
        _small.Backup();
        int most = 0;
        var store = new HookStore(RepositoryOpener.OpenStore(_small.Location));
        store.Before = operation =>
        {
            if (operation.StartsWith("range " + ObjectKeys.Packs, StringComparison.Ordinal)) { PruneUpTo(most); }
        };
        using Repository reader = Repository.Open(store, _small.Credentials, _small.Options());
        ObjectName snapshot = reader.FindSnapshot("latest").Name;
        reader.LoadIndex();
        most = 6;
        using var output = new MemoryStream();
        Dumper.Run(reader, reader.FindSnapshot(snapshot.ToString()), "b/deep/large"u8.ToArray(), output,
            TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_small.Source, "b/deep/large")), output.ToArray());
        Assert.Equal(6, _prunes);
        most = 12;
        Assert.Equal(1, CatalogMaintenance.Rebuild(reader, null, TestContext.Current.CancellationToken).Snapshots);
        // One at least came in between: how often packs are read depends on what blocks the prunes before made.
        Assert.InRange(_prunes, 7, 12);
    }

    [Fact]
    public void A_run_that_is_deleted_between_the_listing_and_the_fetch_is_looked_for_in_another_listing()
    {
        MixedTree.Create(_small.Source);
        ObjectName snapshot = _small.Backup().Name;
        Directory.Delete(_small.Cache, recursive: true);
        var store = new HookStore(RepositoryOpener.OpenStore(_small.Location));
        store.After = operation => { if (operation == "list " + ObjectKeys.Index) { PruneUpTo(3); } };
        using Repository reader = Repository.Open(store, _small.Credentials, _small.Options());
        Assert.Equal(0, _small.Restore(reader, snapshot).Result.FailureCount);
        Assert.Equal(3, _prunes);
        Assert.Empty(reader.Indexes.Damaged);
    }

    private void PruneUpTo(int most)
    {
        if (_prunes >= most) { return; }
        _prunes++;
        RepositoryOptions options = _small.Options();
        PruneStandIn.Run(RepositoryOpener.OpenStore(_small.Location), _small.Credentials,
            new RepositoryOptions { CacheRoot = _small["prune-cache"], Warn = options.Warn });
    }
}
