using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>
/// A restore that was cut off goes on where the file system makes that hard: without births, with what must not be changed.
/// </summary>
public sealed class ResumedTargetTests : IDisposable
{
    private readonly Rig _rig = new();

    public ResumedTargetTests()
    {
        Assert.SkipUnless(AsUser.IsRoot, "mounting needs root");
        foreach (string name in (string[])["directory/inner", "own", "done"]) { Directory.CreateDirectory(At(_rig.Source, name)); }
        File.WriteAllText(At(_rig.Source, "done/file"), "done");
        for (int i = 0; i < 20; i++) { File.WriteAllBytes(At(_rig.Source, $"directory/f{i}"), Desk.Bytes(i, 900_000)); }
        File.WriteAllBytes(At(_rig.Source, "directory/inner/file"), Desk.Bytes(100, 900_000));
        File.WriteAllText(At(_rig.Source, "own/file"), "file");
        foreach (string name in (string[])["directory", "directory/inner", "own", "done"]) { Chmod(Path(_rig.Source, name), 0x1ED); }
        foreach (string path in Directory.EnumerateFileSystemEntries(_rig.Source, "*", SearchOption.AllDirectories).Append(_rig.Source))
        {
            SetTime(Path(path), 1_600_000_000, 0);
        }

        _rig.Backup();
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Without_births_directories_that_a_killed_run_made_get_their_modes_and_those_of_others_keep_theirs()
    {
        using var disk = new LoopDisk("ext4", 128, "-F", "-I", "128");
        string target = At(disk.Root, "target");
        Directory.CreateDirectory(At(target, "own"));
        Chmod(Path(target), 0x1F8);
        Chmod(Path(target, "own"), 0x1C0);
        File.WriteAllText(At(target, "mine"), "mine");
        CutOff(target);
        Assert.Equal(0x3C0u, Stat(Path(target, "directory")).Mode); // 01700: that is how it is known
        Assert.Empty(Restore(target).Failures);
        foreach (string name in (string[])["directory", "directory/inner", "done"]) { Assert.Equal(0x1EDu, Stat(Path(target, name)).Mode); }

        Assert.Equal((0x1F8u, 0x1C0u), (Stat(Path(target)).Mode, Stat(Path(target, "own")).Mode));
        Assert.Equal("mine", File.ReadAllText(At(target, "mine")));
        File.Delete(At(target, "mine"));
        Assert.Equal("", RsyncJudge.Compare(At(_rig.Source, "directory"), At(target, "directory")));
    }

    [Fact]
    public void After_another_mount_files_and_directories_that_may_not_be_changed_are_written_again()
    {
        using var disk = new LoopDisk("ext4", 128, "-F");
        string target = At(disk.Root, "target");
        CutOff(target);
        string[] files = [.. Directory.EnumerateFiles(At(target, "directory"), "f*")];
        Assert.InRange(files.Length, 3, 19);
        Programs.Run("chattr", "+i", files[0]);
        Programs.Run("chattr", "+a", files[1]);
        Programs.Run("chattr", "+i", At(target, "directory"));
        string mark = Assert.Single(Directory.EnumerateFiles(target, ".varve-restore-*"));
        string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        File.WriteAllText(mark, File.ReadAllText(mark).Replace(boot, boot[..^1] + "-", StringComparison.Ordinal));
        try { Assert.Empty(Restore(target).Failures); }
        finally { Programs.Run("chattr", "-R", "-i", "-a", target); }
        Assert.Empty(TreeCompare.Compare(_rig.Source, target));
    }

    private static string At(string root, string name) => System.IO.Path.Combine(root, name);

    private RestoreResult Restore(string target, RestoreMonitor? monitor = null) => Within.Run(() =>
    {
        using Repository repository = _rig.Open();
        var options = new RestoreOptions
        {
            Snapshot = repository.FindSnapshot("latest"), Target = Encoding.UTF8.GetBytes(target), Workers = 1, Overwrite = true,
        };
        return RestoreRunner.Run(repository, options, monitor ?? new RestoreMonitor(), default);
    });

    /// <summary>Cut off when there are some files of many.</summary>
    private void CutOff(string target)
    {
        Gate.Visit(point =>
        {
            if (point != Gate.BlockWritten || Directory.EnumerateFiles(At(target, "directory"), "f*").Count() < 3) { return; }
            throw new OperationCanceledException();
        });
        try { Assert.Throws<OperationCanceledException>(() => Restore(target)); }
        finally { Gate.Visit(null); }
    }
}
