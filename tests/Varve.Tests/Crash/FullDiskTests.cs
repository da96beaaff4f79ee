using System.Text;
using Varve.Backup;
using Varve.Backup.Commit;
using Varve.History;
using Varve.Model;
using Varve.Restore;
using Varve.Restore.Write;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Crash;

/// <summary>
/// A disk that is full in the middle: an error that says where, nothing lost, and the next run completes when there is room.
/// </summary>
[Trait("Needs", "root")]
public sealed class FullDiskTests
{
    private const int Large = 1 << 20; // KiB

    [Theory]
    [InlineData(6_000)] // the first pack does not fit
    [InlineData(20_000)] // some packs fit
    [InlineData(24_576)]
    public void A_full_repository_fails_the_backup_and_loses_nothing(int kibibytes)
    {
        using var disk = new SmallDisk(Large);
        using var rig = new Rig(LocalStore.Create(disk["repository"]));
        ChangingTree.Create(rig.Source);
        File.Delete(Path.Combine(rig.Source, "large"));
        BackupResult first = rig.Backup();
        string before = rig.Keep(rig.Source, "before");
        for (int i = 0; i < 40; i++) { File.WriteAllBytes(Path.Combine(rig.Source, $"more{i}"), ChangingTree.Content(5000 + i, 1 << 20)); }
        disk.Resize(kibibytes);

        VarveException e = Rig.Throws(ErrorKind.Storage,
            () => rig.Backup(checkpoints: new CheckpointPolicy(TimeSpan.FromSeconds(60), 4 << 20, 1 << 18)));
        Assert.Contains("no space left on device", e.Message, StringComparison.Ordinal);
        Assert.Contains(disk["repository"], e.Message, StringComparison.Ordinal);
        Assert.Equal(Advice.FreeStore, e.Advice);
        rig.RequireClean("on the full disk");
        Assert.Equal([first.Name], rig.Snapshots().Select(s => s.Name));
        rig.RequireRestores(first.Name, before, "on the full disk");
        Rig.Throws(ErrorKind.Storage, () => rig.Backup());

        disk.Resize(Large);
        BackupResult next = rig.Backup();
        rig.RequireRestores(next.Name, rig.Source, "with room again");
        rig.RequireClean("with room again");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(disk["repository"], "tmp")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(400)]
    [InlineData(1500)]
    public void A_full_cache_fails_the_backup_and_loses_nothing(int kibibytesLeft)
    {
        using var disk = new SmallDisk(Large);
        using var rig = new Rig();
        rig.Cache = disk["cache"];
        ChangingTree.Create(rig.Source);
        BackupResult first = rig.Backup();
        string before = rig.Keep(rig.Source, "before");
        string many = Directory.CreateDirectory(Path.Combine(rig.Source, "many")).FullName;
        for (int i = 0; i < 20_000; i++) { File.WriteAllText(Path.Combine(many, $"a file with a rather long name, number {i}"), "same"); }
        disk.Resize(Used(disk["cache"]) + kibibytesLeft);

        VarveException e = Rig.Throws(ErrorKind.Storage, () => rig.Backup());
        Assert.Contains(rig.Cache, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("I/O error", e.Message, StringComparison.Ordinal);
        rig.RequireClean("with the full cache", readData: false);
        disk.Resize(Large);
        rig.RequireRestores(first.Name, before, "after the full cache");
        BackupResult next = rig.Backup();
        rig.RequireRestores(next.Name, rig.Source, "with room again");
        rig.RequireClean("with room again");
        Assert.DoesNotContain(rig.Warnings, static w => w.Cause?.Subject.Kind == SubjectKind.Catalog);
    }

    [Fact]
    public void A_full_target_fails_the_restore_and_says_so()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        BackupResult result = rig.Backup();
        using var disk = new SmallDisk(3000);
        VarveException e = Rig.Throws(ErrorKind.Storage, () => Within.Run(() =>
        {
            using Repository repository = rig.Open();
            RestoreRunner.Run(
                repository,
                new RestoreOptions
                {
                    Snapshot = repository.FindSnapshot(result.Name.ToString()),
                    Target = Encoding.UTF8.GetBytes(disk["target"])
                }, new RestoreMonitor(), default);
        }));
        Assert.Contains("no space left on device", e.Message, StringComparison.Ordinal);
        Assert.True(e.Message.Contains(disk["target"], StringComparison.Ordinal) || e.Message.Contains("large", StringComparison.Ordinal),
            e.Message);
    }

    /// <summary>What the file system counts, in whole pages of 4 KiB.</summary>
    private static int Used(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Sum(static f => (int)((new FileInfo(f).Length + 4095) / 4096 * 4)) + 16;
}
