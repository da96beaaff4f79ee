using Varve.Format;
using Varve.Maintain.Prune;
using Varve.Model;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Maintain.Prune;

/// <summary>What a prune deletes, and what it leaves.</summary>
public sealed class PruneTests : IDisposable
{
    private readonly Rig _rig = new();

    public PruneTests()
    {
        ChangingTree.Create(_rig.Source);
        FileClock.Settle();
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void What_no_snapshot_needs_is_deleted_and_what_one_needs_restores_with_an_old_cache_and_a_fresh_one()
    {
        (ObjectName first, ObjectName second, ObjectName third) = Three(out string two, out string three);
        long before = Bytes();
        _rig.Forget(first);
        PruneResult result = _rig.Prune();
        Assert.Equal(PruneOutcome.Done, result.Outcome);
        Assert.True(result.DeletedPacks > 0 && result.DeletedBytes > 0);
        Assert.True(Bytes() < before);
        _rig.RequireNothingBegun("after a prune");
        _rig.RequireClean("after a prune");
        foreach (string cache in (string[])[_rig.Cache, _rig["fresh"]])
        {
            _rig.Cache = cache;
            _rig.RequireRestores(second, two, cache);
            _rig.RequireRestores(third, three, cache);
        }

        Assert.Equal(0, _rig.Backup().FailureCount);
        _rig.RequireClean("after the next backup");
    }

    [Fact]
    public void When_every_snapshot_is_forgotten_no_pack_stays()
    {
        _rig.Forget(_rig.Backup().Name);
        PruneResult result = _rig.Prune();
        Assert.Empty(_rig.Keys(ObjectKeys.Packs));
        Assert.Equal(result.Data.UnneededPacks + result.Meta.UnneededPacks, result.DeletedPacks);
        BackupResult next = _rig.Backup();
        _rig.RequireRestores(next.Name, _rig.Source, "after everything went");
        _rig.RequireClean("after everything went");
    }

    [Fact]
    public void A_prune_that_has_nothing_to_delete_changes_nothing_and_the_next_reads_only_listings()
    {
        _rig.Backup();
        HashSet<string> before = _rig.Keys("");
        Assert.Equal(0, _rig.Prune().DeletedPacks);
        Assert.Equal(before, _rig.Keys(""));
        var log = new List<string>();
        PruneResult again = _rig.Prune(store: _rig.Logged(log));
        Assert.True(again.Unchanged);
        Assert.Equal(1, again.Snapshots);
        Assert.True(again.Data.UsedBytes > 0);
        string[] reads = [.. log.Where(static o => !o.StartsWith("list ", StringComparison.Ordinal))];
        Assert.All(reads, static o => Assert.Matches("^(get (varve|keys/.*)|length snapshots/.*)$", o)); // what opening takes
        Assert.Contains("list ", log);

        // What changed since is read.
        ChangingTree.Change(_rig.Source);
        _rig.Backup();
        Assert.False(_rig.Prune().Unchanged);
    }

    [Fact]
    public void After_a_prune_that_deleted_the_next_reads_only_listings()
    {
        (ObjectName first, _, _) = Three(out _, out _);
        _rig.Forget(first);
        Assert.True(_rig.Prune().DeletedPacks > 0);
        Assert.True(_rig.Prune().Unchanged);
    }

    [Fact]
    public void A_dry_run_changes_nothing_and_says_what_a_prune_then_does()
    {
        (ObjectName first, _, _) = Three(out _, out _);
        _rig.Forget(first);
        HashSet<string> before = _rig.Keys("");
        PruneResult dry = _rig.Prune(Pruning.All with { DryRun = true });
        Assert.Equal(PruneOutcome.DryRun, dry.Outcome);
        Assert.Equal(before, _rig.Keys(""));
        PruneResult done = _rig.Prune();
        Assert.Equal(dry.Data.UnneededPacks + dry.Meta.UnneededPacks + dry.Data.RepackedPacks + dry.Meta.RepackedPacks, done.DeletedPacks);
        Assert.Equal(dry.Data.UnneededBytes + dry.Meta.UnneededBytes + dry.Data.RepackedBytes + dry.Meta.RepackedBytes, done.DeletedBytes);
    }

    [Fact]
    public void What_may_stay_unused_stays_and_nothing_is_copied_for_it()
    {
        (ObjectName first, _, _) = Three(out _, out _);
        _rig.Forget(first);
        PruneResult result = _rig.Prune(new PruneOptions { MaxUnusedPercent = 100 });
        Assert.Equal(0, result.NewPacks);
        Assert.True(result.Data.LeftBytes > 0);
        PruneResult none = _rig.Prune(Pruning.All with { MaxRepackBytes = 0 });
        Assert.Equal(0, none.NewPacks);
        PruneResult all = _rig.Prune();
        Assert.True(all.NewPacks > 0);
        Assert.Equal(0, _rig.Prune().Data.LeftBytes);
        _rig.RequireClean("after three prunes");
    }

    [Fact]
    public void A_key_that_only_writes_cannot_prune_and_hears_which_can()
    {
        _rig.Backup();
        var key = new Credentials { KeyFilePath = _rig["writer"] };
        using (Repository repository = _rig.Open()) { repository.AddKey(KeyLevel.Write, key, "writer"); }
        using Repository limited = Repository.Open(new Kit.Stores.HookStore(_rig.Store), key, _rig.Options());
        foreach (Action prune in (Action[])[() => limited.Prune(Pruning.All), () => limited.UndoPrune()])
        {
            VarveException e = Rig.Throws(ErrorKind.WrongKey, prune);
            Assert.Equal(Advice.GiveFullKey, e.Advice);
        }
    }

    [Fact]
    public void Objects_that_a_repository_does_not_have_are_left_alone_and_reported()
    {
        _rig.Forget(_rig.Backup().Name);
        _rig.Store.Put("readme", "mine"u8);
        _rig.Store.Put("packs/00/notes", "mine"u8);
        PruneResult result = _rig.Prune();
        Assert.Equal(["packs/00/notes", "readme"], result.Unknown.Order());
        Assert.Equal(2, result.UnknownCount);
        Assert.True(_rig.Store.TryGetLength("readme", out _) && _rig.Store.TryGetLength("packs/00/notes", out _));
    }

    [Fact]
    public void Index_runs_stay_few_however_many_backups_there_are()
    {
        var names = new List<ObjectName>();
        for (int i = 0; i < 24; i++)
        {
            File.WriteAllBytes(Path.Combine(_rig.Source, "one"), ChangingTree.Content(i, 20_000));
            names.Add(_rig.Backup().Name);
            if (names.Count > 3)
            {
                _rig.Forget(names[^4]);
                _rig.Prune();
            }
        }

        Assert.InRange(_rig.Keys(ObjectKeys.Index).Count, 1, 8);
        _rig.RequireClean("after many prunes");
        _rig.RequireRestores(names[^1], _rig.Source, "after many prunes");
    }

    [Fact]
    public void What_a_prune_put_in_the_place_of_index_runs_is_no_lost_write_to_the_next_backup()
    {
        (ObjectName first, _, _) = Three(out _, out _);
        _rig.Forget(first);
        _rig.Prune();
        var log = new List<string>();
        BackupResult next = _rig.Backup(store: _rig.Logged(log));
        Assert.Equal(0, next.Snapshot.Counts.BytesRead);
        // A backup that looks for what was lost lists all packs.
        Assert.DoesNotContain("list packs/", log);
    }

    private (ObjectName First, ObjectName Second, ObjectName Third) Three(out string two, out string three)
    {
        ObjectName first = _rig.Backup().Name;
        ChangingTree.Change(_rig.Source);
        ObjectName second = _rig.Backup().Name;
        two = _rig.Keep(_rig.Source, "two");
        ChangingTree.ChangeAgain(_rig.Source);
        FileClock.Settle();
        ObjectName third = _rig.Backup().Name;
        three = _rig.Keep(_rig.Source, "three");
        return (first, second, third);
    }

    private long Bytes() => _rig.Store.List(ObjectKeys.Packs).Sum(static o => o.Length);
}
