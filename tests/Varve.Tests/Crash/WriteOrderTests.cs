using System.Collections.Concurrent;
using Varve.Backup;
using Varve.Backup.Commit;
using Varve.Format;
using Varve.Model;
using Varve.Pack;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Crash;

/// <summary>
/// Invariants 1, 2 and 4: the order of what is made durable, nothing overwritten, no listing that failed taken for an empty one.
/// </summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class WriteOrderTests
{
    private static CheckpointPolicy Often => new(TimeSpan.Zero, 0, 0);

    [Fact]
    public void Packs_come_before_the_run_that_names_them_and_runs_before_the_snapshot()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        var done = new ConcurrentQueue<string>();
        var store = new HookStore(rig.Store) { After = done.Enqueue };
        rig.Backup(store: store, checkpoints: Often);
        ChangingTree.Change(rig.Source);
        rig.Backup(store: store, checkpoints: Often);
        ChangingTree.ChangeAgain(rig.Source);
        rig.Backup(store: store, checkpoints: Often);
        List<string> log = [.. done];
        List<string> runs = log.FindAll(static o => o.StartsWith("put index/", StringComparison.Ordinal));
        Assert.True(runs.Count > 2, "too few checkpoints to tell");
        using Repository repository = rig.Open();
        foreach (string key in rig.Store.List(ObjectKeys.Index).Select(static o => o.Key))
        {
            // Not the cached runs: those are merged.
            int at = log.IndexOf("put " + key);
            Assert.True(at >= 0 && ObjectKeys.TryName(key, out _), key);
            byte[] plain = repository.Objects.Open(ObjectType.IndexRun, ObjectMagic.Index,
                rig.Store.Get(key, long.MaxValue).AsSpan(ObjectMagic.Length));
            var listing = new PackListingReader(plain);
            while (listing.NextPack()) { Assert.InRange(log.IndexOf("put " + ObjectKeys.Pack(listing.Name)), 0, at - 1); }
        }

        int snapshot = log.FindLastIndex(static o => o.StartsWith("put snapshots/", StringComparison.Ordinal));
        Assert.True(log.FindLastIndex(static o => o.StartsWith("put ", StringComparison.Ordinal)) == snapshot,
            "something is stored after the snapshot");
        Assert.Equal(log.Distinct().Count(static o => o.StartsWith("put ", StringComparison.Ordinal)),
            log.Count(static o => o.StartsWith("put ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_catalog_never_claims_what_the_store_does_not_hold()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        rig.Backup();
        ChangingTree.Change(rig.Source);
        int steps = 0;
        var problems = new ConcurrentQueue<string>();
        var gate = new Lock();
        void Look(string operation)
        {
            if (!operation.StartsWith("put ", StringComparison.Ordinal)) { return; }
            lock (gate)
            {
                // The catalog first: it may only lag behind.
                string copy = rig[$"copy-{++steps}"];
                Stores.CopyCache(rig.Cache, copy);
                MemoryStore store = Stores.Copy(rig.Store);
                foreach (string problem in CatalogClaims.Unfounded(rig, store, copy)) { problems.Enqueue($"{operation}: {problem}"); }
                Programs.Run("rm", "-rf", copy);
            }
        }

        rig.Backup(store: new HookStore(rig.Store) { Before = Look, After = Look }, checkpoints: Often);
        Look("put the end");
        Assert.True(steps > 5, $"{steps} steps");
        Assert.Empty(problems);
    }

    [Fact]
    public void The_catalog_completes_a_snapshot_only_when_the_store_has_it()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        var states = new List<string>();
        void Look(string operation)
        {
            if (!operation.StartsWith("put snapshots/", StringComparison.Ordinal)) { return; }
            using Repository repository = rig.Open();
            using Varve.Catalog.CatalogReader reader = Varve.Catalog.CatalogFile.Open(repository.CatalogPath, repository.Header.Id)
                .OpenReader();
            states.Add(reader.Snapshots().Single().State.ToString());
        }

        rig.Backup(store: new HookStore(rig.Store) { Before = Look, After = Look });
        Assert.Equal(["Committing", "Committing"], states);
    }

    [Theory]
    [InlineData("snapshots/")]
    [InlineData("index/")]
    [InlineData("condemned/")]
    public void A_listing_that_fails_fails_the_backup_and_makes_no_snapshot(string prefix)
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        ObjectName first = rig.Backup().Name;
        ChangingTree.Change(rig.Source);
        VarveException e = Rig.Throws(ErrorKind.Storage, () => rig.Backup(store: new HookStore(rig.Store) { After = Fail }));
        Assert.Contains("cut short", e.Message, StringComparison.Ordinal);
        Assert.Equal([first], rig.Snapshots().Select(s => s.Name));
        void Fail(string operation)
        {
            // Of snapshots those of the source are listed.
            if (!operation.StartsWith("list " + prefix, StringComparison.Ordinal)) { return; }
            throw new VarveException(ErrorKind.Storage, Subject.None, "the listing was cut short");
        }
    }

    [Theory]
    [InlineData("snapshots/")]
    [InlineData("index/")]
    [InlineData("")]
    public void A_listing_that_fails_fails_the_check(string prefix) => FailCheck("list " + prefix);

    [Fact]
    public void A_store_that_fails_while_packs_are_read_fails_the_check() => FailCheck("range packs/");

    private static void FailCheck(string operation)
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        rig.Backup();
        Rig.Throws(ErrorKind.Storage, () => rig.Check(store: new HookStore(rig.Store)
        {
            After = o =>
            {
                if (o == operation || (operation[0] == 'r' && o.StartsWith(operation, StringComparison.Ordinal)))
                {
                    throw new VarveException(ErrorKind.Storage, Subject.None, "The store failed");
                }
            },
        }));
    }
}
