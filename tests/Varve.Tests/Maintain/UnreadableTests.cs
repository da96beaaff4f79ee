using System.Text;
using Varve.Format;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Platform;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Vault;

namespace Varve.Tests.Maintain;

/// <summary>
/// A bad sector, or a file that somebody else's run left: what cannot be read is damage of just that (invariant 5), and only a store that
/// is gone ends a run. Each object by itself is in ObjectDamageTests.
/// </summary>
public sealed class UnreadableTests
{
    [Theory]
    [InlineData(Errno.EIO)]
    [InlineData(Errno.EACCES)]
    public void A_directory_of_packs_that_cannot_be_listed_ends_neither_check_nor_restore(int errno)
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        string shard = Damaged.Objects.First(static o => o.Sort == "data pack").Key[..8];
        using (Refusing(errno, shard))
        {
            IReadOnlyCollection<string> failed = Damaged.Judge(copy);
            Assert.NotEmpty(failed);
            CheckResult check = copy.Check(readData: true);
            Assert.Contains(check.Damages, d => d.Object == shard + "/");
            Damaged.Explains(check, null, failed);
        }

        Assert.Empty(Damaged.Judge(copy));
    }

    [Fact]
    public void Index_runs_that_cannot_be_listed_are_made_up_for_and_stay_in_the_cache()
    {
        using SmallRepository copy = Damaged.Pristine.Copy(withCache: true);
        string[] cached = Directory.GetFiles(Directory.GetDirectories(copy.Cache).Single() + "/index");
        Assert.NotEmpty(cached);
        using (Refusing(Errno.EIO, "index", copy.Store))
        {
            Assert.Empty(Damaged.Judge(copy));
            Assert.Contains(copy.Check(readData: false).Damages, static d => d.Object == "index/");
        }

        Assert.Empty(cached.Except(Directory.GetFiles(Path.GetDirectoryName(cached[0])!)));
    }

    [Fact]
    public void Lists_of_condemned_packs_that_cannot_be_listed_keep_writers_from_relying_on_them()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        using (Refusing(Errno.EACCES, "condemned"))
        {
            Assert.Empty(Damaged.Judge(copy));
            using Repository repository = copy.Open();
            Assert.ThrowsAny<VarveException>(() => Engine.Backup(repository, Damaged.Pristine.Source));
        }
    }

    [Fact]
    public void A_store_that_is_gone_ends_the_run()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        using Repository repository = copy.Open();
        using (new SystemCallWatch(static (call, _, _) => call is SystemCall.Open or SystemCall.Read or SystemCall.List ? Errno.EIO : 0))
        {
            Assert.Equal(ErrorKind.Storage, Assert.Throws<VarveException>(() => Engine.Check(repository, true)).Kind);
            Assert.Equal(ErrorKind.Storage, Assert.Throws<VarveException>(() => repository.Snapshots()).Kind);
        }
    }

    [Fact]
    public void All_snapshots_that_damage_affects_are_named_though_they_share_it()
    {
        using SmallRepository repository = SmallRepository.Create();
        Directory.CreateDirectory(Path.Combine(repository.Source, "same", "below"));
        File.WriteAllBytes(Path.Combine(repository.Source, "same", "below", "file"), MixedTree.Bytes(1, 3000));
        repository.Backup();
        for (int i = 0; i < 2; i++)
        {
            File.WriteAllText(Path.Combine(repository.Source, "other"), $"{i}");
            repository.Backup();
        }

        string key = Packs(repository).First(k => Holds(repository, k));
        using var sector = Refusing(Errno.EIO, key);
        CheckResult check = repository.Check(readData: true);
        Damage damage = check.Damages.Single(d => d.Object == key);
        Assert.Equal(repository.Snapshots, damage.Snapshots);
        foreach (ObjectName snapshot in repository.Snapshots)
        {
            Assert.Contains($"snapshot {snapshot.ToString()[..8]}:/same/below/file", damage.Affects, StringComparison.Ordinal);
        }

    }

    [Fact]
    public void A_snapshot_that_cannot_be_read_affects_all_that_it_held_and_the_others_are_listed()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        ObjectName bad = copy.Snapshots[1];
        using var sector = Refusing(Errno.EIO, Damaged.SnapshotKey(copy, bad));
        using (Repository repository = copy.Open()) { Assert.Equal(2, repository.Snapshots().Count); }
        Damage damage = Assert.Single(copy.Check(readData: false).Damages);
        Assert.Equal([bad], damage.Snapshots);
        Assert.Equal($"snapshot {bad.ToString()[..8]}:/ and all below it", damage.Affects);
        Assert.Equal(Advice.SeeSystemLog, damage.Advice);
    }

    [Fact]
    public void A_snapshot_whose_root_cannot_be_read_is_restored_as_nothing_and_says_so()
    {
        using SmallRepository copy = Damaged.Pristine.Copy();
        int without = 0;
        foreach (string key in Damaged.Objects.Where(static o => o.Sort == "meta pack").Select(static o => o.Key))
        {
            using var sector = Refusing(Errno.EIO, key);
            using Repository repository = copy.Open();
            foreach (ObjectName snapshot in copy.Snapshots)
            {
                (RestoreResult result, IReadOnlyList<string> unexplained) = copy.Restore(repository, snapshot);
                Assert.Empty(unexplained);
                if (result.Failures is [{ Path: [], Operation: FailedOperation.List }]) { without++; }
            }
        }

        Assert.NotEqual(0, without);
    }

    private static SystemCallWatch Refusing(int errno, string path, string? store = null)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(path), below = Encoding.ASCII.GetBytes(path + "/");
        // The cache has a directory of that name too: then the directory that the name is relative to tells.
        return new SystemCallWatch((call, directory, name) =>
            call == SystemCall.Open && (name.SequenceEqual(bytes) || name.StartsWith(below))
            && (store is null || new FileInfo($"/proc/self/fd/{directory}").LinkTarget == store) ? errno : 0);
    }

    private static string[] Packs(SmallRepository repository) =>
        [.. Directory.GetFiles(repository.Store + "/packs", "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(repository.Store, f)).Order(StringComparer.Ordinal)];

    private static bool Holds(SmallRepository repository, string key)
    {
        using var sector = Refusing(Errno.EIO, key);
        using Repository opened = repository.Open();
        return repository.Restore(opened, repository.Snapshots[0]).Result.Failures
            .Any(static f => Encoding.ASCII.GetString(f.Path) == "same/below/file");
    }
}
