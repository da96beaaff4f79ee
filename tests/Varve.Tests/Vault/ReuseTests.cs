using System.Globalization;
using Varve.Backup;
using Varve.Format;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Vault;
using Varve.Vault.Runs;

namespace Varve.Tests.Vault;

/// <summary>Backups into a repository that is damaged: what they may rely on, and how what is lost comes back.</summary>
[Trait("Takes", "minutes")]
public sealed class ReuseTests
{
    [Fact]
    public void A_forced_backup_stores_again_what_missing_packs_held()
    {
        using SmallRepository repository = Start();
        ObjectName first = repository.Snapshots[0];
        string[] packs = [.. Directory.EnumerateFiles(Path.Combine(repository.Store, "packs"), "*", SearchOption.AllDirectories)];
        for (int i = 0; i < packs.Length; i++)
        {
            // Of some only the first half is left.
            if (i % 3 == 0) { File.Delete(packs[i]); }
            if (i % 3 == 1) { Truncate(packs[i]); }
        }

        Assert.NotEmpty(Lost(repository, first));
        repository.Backup(force: true);
        repository.RestoreExactly(repository.Snapshots[^1]);

        // The chunks are the same, so the older snapshot is whole again.
        repository.RestoreExactly(first);
        CheckResult check = repository.Check(true);
        Assert.Empty(check.Damages);
        Assert.NotEmpty(check.Healed);
        Directory.Delete(repository.Cache, recursive: true);
        repository.RestoreExactly(first);
    }

    [Fact]
    public void A_damaged_pack_that_is_removed_is_made_up_for_by_a_forced_backup()
    {
        using SmallRepository repository = Start();
        string pack = Directory.EnumerateFiles(Path.Combine(repository.Store, "packs"), "*", SearchOption.AllDirectories)
            .MaxBy(static p => new FileInfo(p).Length)!;
        byte[] bytes = File.ReadAllBytes(pack);
        bytes[bytes.Length / 2] ^= 1;
        File.Delete(pack);
        File.WriteAllBytes(pack, bytes);
        Assert.NotEmpty(Lost(repository, repository.Snapshots[0]));
        File.Delete(pack);
        repository.Backup(force: true);
        foreach (ObjectName snapshot in repository.Snapshots) { repository.RestoreExactly(snapshot); }
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("damaged")]
    public void Backups_go_on_without_an_index_run(string how)
    {
        using SmallRepository repository = Start();
        string run = Directory.EnumerateFiles(Path.Combine(repository.Store, "index")).Single();
        if (how == "missing") { File.Delete(run); }
        else { Truncate(run); }
        for (int step = 1; step < 4; step++)
        {
            Directory.Delete(Path.Combine(Directory.EnumerateDirectories(repository.Cache).Single(), "index"), recursive: true);
            MixedTree.Change(repository.Source, step);
            repository.Backup(force: step == 2);
            foreach (ObjectName snapshot in repository.Snapshots) { repository.RestoreExactly(snapshot); }
        }

        CheckResult check = repository.Check(true);
        Assert.All(check.Damages, static d => Assert.Equal("", d.Affects));
        Assert.True(how == "missing" || check.DamageCount == 1);
    }

    [Fact]
    public void Nothing_is_written_while_it_is_not_known_which_packs_are_condemned()
    {
        using SmallRepository repository = Start();
        string key;
        using (Repository opened = repository.Open()) { key = Condemn.Put(opened, []); }
        byte[] list = File.ReadAllBytes(Damaged.File(repository, key));
        Damaged.Write(repository, key, list[..^1]);
        MixedTree.Change(repository.Source, 1);
        VarveException e = Assert.Throws<VarveException>(() => repository.Backup());
        Assert.Equal(ErrorKind.Damaged, e.Kind);
        Assert.Equal(Subject.Object(key), e.Subject);
        repository.RestoreExactly(repository.Snapshots[0]);
        Damaged.Write(repository, key, null);
        repository.Backup();
        repository.RestoreExactly(repository.Snapshots[^1]);
    }

    [Fact]
    public void What_condemned_packs_hold_is_stored_again_and_can_still_be_read()
    {
        using SmallRepository repository = Start();
        ObjectName[] condemned;
        using (Repository opened = repository.Open())
        {
            condemned = [.. opened.Indexes.Packs().Select(static p => p.Name)];
            Condemn.Put(opened, condemned);
        }

        repository.RestoreExactly(repository.Snapshots[0]);
        BackupResult result = repository.Backup(force: true);
        Assert.True(result.Snapshot.Counts.BytesAdded > 300_000, result.Snapshot.Counts.BytesAdded.ToString(CultureInfo.InvariantCulture));

        // Prune's second phase.
        using (Repository opened = repository.Open())
        {
            foreach (ObjectName pack in condemned) { opened.Store.Delete(ObjectKeys.Pack(pack)); }
        }

        foreach (ObjectName snapshot in repository.Snapshots) { repository.RestoreExactly(snapshot); }
    }

    [Fact]
    public void A_run_that_failed_leaves_nothing_behind_that_the_next_relies_on()
    {
        using SmallRepository repository = Start();
        using Repository opened = repository.Open();
        MixedTree.Change(repository.Source, 1);
        string packs = Path.Combine(repository.Store, "packs");
        Directory.Move(packs, packs + "-away");
        File.WriteAllText(packs, "in the way");
        Assert.Throws<VarveException>(() => repository.Backup(opened));
        File.Delete(packs);
        Directory.Move(packs + "-away", packs);
        repository.Backup(opened);
        repository.RestoreExactly(repository.Snapshots[^1]);
        Assert.Empty(repository.Check(true).Damages);
    }

    [Fact]
    public void A_tree_longer_than_the_longest_chunk_of_content_is_stored()
    {
        using SmallRepository repository = SmallRepository.Create();
        for (int i = 0; i < 300; i++)
        {
            File.WriteAllText(
                Path.Combine(repository.Source, string.Create(CultureInfo.InvariantCulture, $"{i:000}{new string('x', 200)}")), "x");
        }
        repository.Backup();
        repository.RestoreExactly(repository.Snapshots[0]);
    }

    private static SmallRepository Start()
    {
        SmallRepository repository = SmallRepository.Create();
        MixedTree.Create(repository.Source);
        repository.Backup();
        return repository;
    }

    private static void Truncate(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
    }

    private static IReadOnlyCollection<Failure> Lost(SmallRepository repository, ObjectName snapshot)
    {
        using Repository opened = repository.Open();
        try
        {
            (RestoreResult result, IReadOnlyList<string> unexplained) = repository.Restore(opened, snapshot);
            Assert.Empty(unexplained);
            return [.. result.Failures];
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            return [new Failure([], FailedOperation.List, 0, e.Message)];
        }
    }
}
