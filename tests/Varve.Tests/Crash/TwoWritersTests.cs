using Varve.Backup;
using Varve.Backup.Commit;
using Varve.Model;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Crash;

/// <summary>Several runs at once: of one source, of several, with one cache; backups beside checks and restores.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class TwoWritersTests
{
    [Fact]
    public void A_second_backup_of_the_same_source_is_busy_and_the_first_completes()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        int tried = 0;
        BackupResult result = rig.Backup(store: new HookStore(rig.Store)
        {
            Before = o =>
            {
                if (!o.StartsWith("put packs/", StringComparison.Ordinal) || Interlocked.Increment(ref tried) > 1) { return; }
                VarveException e = Rig.Throws(ErrorKind.Busy, () => rig.Backup());
                Assert.Contains(rig.Source, e.Message, StringComparison.Ordinal);
            },
        });
        Assert.True(tried > 0);
        rig.RequireRestores(result.Name, rig.Source, "the first");
    }

    [Fact]
    public void Backups_of_two_sources_at_once_with_one_cache_both_complete()
    {
        using var rig = new Rig();
        string[] sources = [rig.Source, rig["other"], rig["third"]];
        foreach (string source in sources) { ChangingTree.Create(source); }
        for (int round = 0; round < 12; round++)
        {
            var results = new BackupResult[sources.Length];
            Within.Run(() => Parallel.For(0, sources.Length, new ParallelOptions { MaxDegreeOfParallelism = sources.Length }, i =>
                results[i] = rig.Backup(sources[i], checkpoints: new CheckpointPolicy(TimeSpan.Zero, 0, 0))));
            for (int i = 0; i < sources.Length; i++) { rig.RequireRestores(results[i].Name, sources[i], $"round {round}, source {i}"); }
            if (round == 0) { foreach (string source in sources) { ChangingTree.Change(source); } }
            else { File.WriteAllBytes(Path.Combine(sources[round % 3], $"round{round}"), ChangingTree.Content(round, 50_000)); }
        }

        rig.RequireClean("in the end");
        Assert.Empty(rig.Warnings);
    }

    [Theory]
    [InlineData("put snapshots/", true)] // the other's snapshot is about to be written
    [InlineData("put snapshots/", false)] // it is written, the catalog does not know yet
    [InlineData("replace sessions/", false)]
    public void A_backup_of_another_source_in_the_middle_of_one_changes_nothing_for_it(string operation, bool before)
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        ChangingTree.Create(rig["other"]);
        BackupResult? inner = null;
        void Intrude(string o)
        {
            if (inner is null && o.StartsWith(operation, StringComparison.Ordinal)) { inner = rig.Backup(rig["other"]); }
        }

        BackupResult outer = rig.Backup(
            store: new HookStore(rig.Store) { Before = before ? Intrude : null, After = before ? null : Intrude });
        Assert.Empty(rig.Warnings);
        rig.RequireRestores(outer.Name, rig.Source, "the outer one");
        rig.RequireRestores(inner!.Name, rig["other"], "the inner one");
        Assert.True(rig.Backup().NothingChanged);
        Assert.True(rig.Backup(rig["other"]).NothingChanged);
        Assert.Empty(rig.Warnings);
    }

    [Theory]
    [InlineData("list snapshots/")]
    [InlineData("replace sessions/")]
    public void A_backup_that_completes_while_another_opens_the_catalog_leaves_it_believed(string operation)
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        ChangingTree.Create(rig["other"]);
        rig.Backup(rig["other"]);
        File.WriteAllText(Path.Combine(rig["other"], "changed"), "changed");
        BackupResult? inner = null;
        BackupResult outer = rig.Backup(store: new HookStore(rig.Store)
        {
            After = o =>
            {
                if (inner is null && o.StartsWith(operation, StringComparison.Ordinal)) { inner = rig.Backup(rig["other"]); }
            },
        });
        Assert.Empty(rig.Warnings);
        rig.RequireRestores(outer.Name, rig.Source, "the outer one");
        rig.RequireRestores(inner!.Name, rig["other"], "the inner one");
        Assert.True(rig.Backup(rig["other"]).NothingChanged);
    }

    [Theory]
    [InlineData("list ")]
    [InlineData("list index/")]
    [InlineData("list snapshots/")]
    [InlineData("range packs/")]
    public void A_backup_that_completes_in_the_middle_of_a_check_is_no_damage(string operation)
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        rig.Backup();
        ChangingTree.Change(rig.Source);
        BackupResult? inner = null;
        int begun = 0;
        var result = rig.Check(store: new HookStore(rig.Store)
        {
            After = o =>
            {
                if (o != operation && (operation[^1] != '/' || !o.StartsWith(operation, StringComparison.Ordinal))) { return; }
                if (Interlocked.Increment(ref begun) == 1) { inner = rig.Backup(); }
            },
        });
        Assert.NotNull(inner);
        Assert.True(result.DamageCount == 0, string.Join("\n", result.Damages));
    }

    [Fact]
    public void Backups_beside_checks_and_restores_all_work()
    {
        using var rig = new Rig(LocalStore.Create(Directory.CreateTempSubdirectory("varve-two-").FullName));
        try
        {
            ChangingTree.Create(rig.Source);
            BackupResult first = rig.Backup();
            string before = rig.Keep(rig.Source, "before");
            using var stop = new CancellationTokenSource();
            Task check = Task.Run(() => { while (!stop.IsCancellationRequested) { rig.RequireClean("beside backups"); } });
            Task restore = Task.Run(
                () => { while (!stop.IsCancellationRequested) { rig.RequireRestores(first.Name, before, "beside backups"); } });
            for (int round = 0; round < 30; round++)
            {
                File.WriteAllBytes(Path.Combine(rig.Source, $"round{round}"), ChangingTree.Content(round, 200_000));
                rig.Backup(checkpoints: new CheckpointPolicy(TimeSpan.Zero, 0, 0));
            }

            stop.Cancel();
            Within.Run(() => Task.WaitAll(check, restore));
            Assert.Empty(rig.Warnings);
        }
        finally { Directory.Delete(rig.Store.Description, recursive: true); }
    }
}
