using Varve.Backup;
using Varve.Format;
using Varve.Maintain.Prune;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Objects;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Tests.Maintain.Prune;

/// <summary>With anything damaged or missing a prune deletes nothing that might be needed, and says what to do.</summary>
public sealed class PruneDamageTests : IDisposable
{
    private readonly Rig _rig = new();
    private readonly ObjectName _kept, _other;

    public PruneDamageTests()
    {
        ChangingTree.Create(_rig.Source);
        FileClock.Settle();
        ObjectName forgotten = _rig.Backup().Name;
        ChangingTree.Change(_rig.Source);
        FileClock.Settle();
        _other = _rig.Backup().Name;
        ChangingTree.ChangeAgain(_rig.Source);
        FileClock.Settle();
        _kept = _rig.Backup().Name;
        _rig.Forget(forgotten);
        _rig.Cache = _rig["fresh"];
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_snapshot_that_cannot_be_read_keeps_everything()
    {
        Damage(_rig.Store.List(ObjectKeys.Snapshots).Single(o => o.Key.EndsWith(_other.ToString(), StringComparison.Ordinal)).Key);
        RequireRefused(Advice.ForgetDamaged);
    }

    [Fact]
    public void An_index_run_that_cannot_be_read_keeps_everything()
    {
        Damage(_rig.Keys(ObjectKeys.Index).First());
        RequireRefused(Advice.CheckRepository);
    }

    [Fact]
    public void A_list_of_condemned_packs_that_cannot_be_read_keeps_everything()
    {
        string list;
        using (Repository repository = _rig.Open()) { list = Condemn.Put(repository, [Some.Name(1)]); }
        Damage(list);
        RequireRefused(Advice.RemoveCondemned);
    }

    [Fact]
    public void A_fence_that_cannot_be_read_keeps_everything()
    {
        ObjectName fence;
        using (Repository repository = _rig.Open()) { fence = Condemn.Fence(repository, new Fence(SessionId.Create(), null)); }
        Damage(ObjectKeys.Fences + fence);
        RequireRefused(Advice.RestoreObject);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pack_that_is_needed_and_missing_keeps_everything(bool isOfTrees)
    {
        PackKind kind = isOfTrees ? PackKind.Meta : PackKind.Data;
        foreach (ObjectName pack in PacksOf(kind)) { _rig.Store.Delete(ObjectKeys.Pack(pack)); }
        RequireRefused(Advice.CheckRepository);
    }

    [Fact]
    public void Trees_that_cannot_be_read_keep_everything()
    {
        foreach (ObjectName pack in PacksOf(PackKind.Meta)) { Damage(ObjectKeys.Pack(pack), PackLayout.HeaderLength + 40); }
        RequireRefused(Advice.CheckRepository);
    }

    [Fact]
    public void A_pack_that_cannot_be_copied_from_stays_as_it_is_and_all_else_goes()
    {
        ObjectName damaged = default;
        using (Repository repository = _rig.Open())
        {
            // One of which something is needed, and something not.
            damaged = repository.Indexes.Packs().Where(static p => p.Kind == PackKind.Data).MaxBy(static p => p.Size).Name;
        }

        Damage(ObjectKeys.Pack(damaged), PackLayout.HeaderLength + 40);
        PruneResult result = _rig.Prune();
        Assert.True(_rig.Store.TryGetLength(ObjectKeys.Pack(damaged), out _), "it may be mended from a copy");
        Assert.Equal(1, result.UnreadablePacks);
        Assert.Contains(_rig.Warnings, w => w.ToString().Contains(damaged.ToString(), StringComparison.Ordinal));
        _rig.RequireNothingBegun("beside a damaged pack");
    }

    [Fact]
    public void Packs_that_a_lost_index_run_named_are_needed_and_keep_everything_until_a_backup_names_them_again()
    {
        foreach (string run in _rig.Keys(ObjectKeys.Index)) { _rig.Store.Delete(run); }
        VarveException e = Rig.Throws(ErrorKind.Damaged, () => _rig.Prune());
        Assert.Equal(Advice.CheckRepository, e.Advice);
        Assert.NotEmpty(_rig.Keys(ObjectKeys.Packs));
        _rig.RequireRestores(_kept, _rig.Source, "from footers");
    }

    [Fact]
    public void A_copy_that_nobody_with_a_full_key_signed_for_is_read_before_the_other_goes_in_its_favour()
    {
        // Somebody with a key that only writes backs up what nobody else has.
        var writer = new Credentials { KeyFilePath = _rig["writer"] };
        using (Repository repository = _rig.Open())
        {
            repository.AddKey(KeyLevel.Write, writer, "writer");
            repository.AddKey(KeyLevel.Write, new Credentials { KeyFilePath = _rig["thief"] }, "thief");
        }

        string own = _rig["own"];
        Directory.CreateDirectory(own);
        File.WriteAllBytes(Path.Combine(own, "only"), ChangingTree.Content(4, 1 << 20));
        FileClock.Settle();
        ObjectName honest;
        using (Repository repository = Repository.Open(new HookStore(_rig.Store), writer, _rig.Options()))
        {
            honest = BackupRunner.Run(repository, new BackupOptions { RootPath = System.Text.Encoding.UTF8.GetBytes(own) },
                new BackupMonitor(), default).Name;
        }

        // A thief with another such key says that all chunks lie in packs of his.
        var key = new Credentials { KeyFilePath = _rig["thief"] };
        using (var forger = new RunForger(_rig.Store, key, _rig.Options()))
        using (Repository thief = Repository.Open(new HookStore(_rig.Store), key, _rig.Options()))
        {
            var packs = new List<PackContents>();
            foreach (RunPack pack in thief.Indexes.Packs().ToArray())
            {
                PackContents contents = thief.Footers.Read(pack.Name, pack.Size);
                packs.Add(forger.PutPack(pack.Kind, [.. contents.Blocks.Select(static b => (Lies(b), b.Chunks.ToArray()))]));
            }

            forger.PutRun(packs);
        }

        PruneResult result = _rig.Prune();
        Assert.Equal(PruneOutcome.Done, result.Outcome);
        _rig.RequireRestores(_kept, _rig.Source, "beside a thief");
        _rig.RequireRestores(honest, own, "beside a thief");
        _rig.Cache = _rig["other"];
        _rig.RequireRestores(_kept, _rig.Source, "beside a thief, with a fresh cache");
        _rig.RequireRestores(honest, own, "beside a thief, with a fresh cache");
    }

    private static byte[] Lies(PackedBlock block) => ChangingTree.Content(1, (int)block.RawLength);

    private List<ObjectName> PacksOf(PackKind kind)
    {
        using Repository repository = _rig.Open();
        return [.. repository.Indexes.Packs().Where(p => p.Kind == kind).Select(static p => p.Name)];
    }

    private void Damage(string key, int at = -1)
    {
        byte[] bytes = _rig.Store.Get(key, long.MaxValue)!;
        bytes[at < 0 ? bytes.Length - 1 : at] ^= 1;
        ((MemoryStore)_rig.Store).Overwrite(key, bytes);
    }

    private void RequireRefused(Advice advice)
    {
        HashSet<string> before = _rig.Keys("");
        VarveException e = Rig.Throws(ErrorKind.Damaged, () => _rig.Prune());
        Assert.Equal(advice, e.Advice);
        Assert.Equal(before, _rig.Keys(""));
        Rig.Throws(ErrorKind.Damaged, () => _rig.Prune(Pruning.All with { DryRun = true }));
    }
}
