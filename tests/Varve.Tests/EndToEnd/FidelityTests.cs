using Varve.Backup;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// What is restored is what was backed up, judged by rsync and by a comparison that follows paths of any length. As root: only root can
/// make all of it.
/// </summary>
[Trait("Needs", "root")]
public sealed class FidelityTests(KernelTree kernel)
{
    [Fact]
    public void The_whole_zoo_comes_back_exactly()
    {
        Assert.True(ZooPosix.IsRoot, "needs root");
        using var d = new ZooDirectory();
        var vault = new TestVault(d.Root);
        Zoo.Create(d["original"], Zoo.FullNames, Zoo.FullHole);
        BackupResult saved = vault.BackupAll(d["original"]);
        Assert.True(saved.Snapshot.Counts.Files > Zoo.FullNames);
        RestoreResult restored = vault.RestoreAll(d["restored"]);
        Assert.Equal(saved.Snapshot.Counts.Files, restored.Files);
        Assert.Equal("", RsyncJudge.Compare(d["original"], d["restored"]));
        Assert.Empty(TreeCompare.Compare(d["original"], d["restored"]));
        long hole = ZooPosix.Stat(ZooPosix.Path(d["restored"], "sparse/all")).Blocks * 512;
        Assert.True(hole < 1 << 20, $"a hole of {Zoo.FullHole} bytes was restored with {hole} bytes allocated");
        long stored = vault.Statistics().StoredBytes;
        Assert.True(stored < 32 << 20, $"{stored} bytes stored: holes were read as data");
        vault.Check();
    }

    [Fact]
    public void A_path_far_beyond_PATH_MAX_comes_back_exactly()
    {
        using var d = new ZooDirectory();
        var vault = new TestVault(d.Root);
        Zoo.CreateDeep(d["original"], 3_000);
        BackupResult saved = vault.BackupAll(d["original"]);
        Assert.Equal((3_001, 6_001), (saved.Snapshot.Counts.Files, saved.Snapshot.Counts.Directories));
        vault.RestoreAll(d["restored"]);
        Assert.Empty(TreeCompare.Compare(d["original"], d["restored"]));
        Assert.True(vault.BackupAll(d["original"]).NothingChanged);
        vault.Check();
    }

    [Fact]
    public void The_kernel_tree_comes_back_exactly_to_rsync()
    {
        string d = KernelTree.NewDirectory();
        try
        {
            var vault = new TestVault(d);
            BackupResult saved = vault.BackupAll(kernel.Root);
            Assert.True(saved.Snapshot.Counts.Files > 70_000);
            string restored = System.IO.Path.Combine(d, "restored");
            vault.RestoreAll(restored);
            Assert.Equal("", RsyncJudge.Compare(kernel.Root, restored));
            Assert.True(vault.BackupAll(kernel.Root).NothingChanged);
        }
        finally { Programs.Run("rm", "-rf", d); }
    }

    [Fact]
    public void Reading_leaves_access_times_alone()
    {
        using var d = new ScratchDirectory();
        string source = System.IO.Path.Combine(d.Path, "source");
        Directory.CreateDirectory(source);
        Programs.Run("mount", "-t", "tmpfs", "-o", "strictatime,size=8m", "tmpfs", source);
        try
        {
            string sub = System.IO.Path.Combine(source, "sub"), file = System.IO.Path.Combine(sub, "file"),
                read = System.IO.Path.Combine(source, "read");
            Directory.CreateDirectory(sub);
            File.WriteAllText(file, "content");
            File.WriteAllText(read, "content");
            foreach (string path in (string[])[file, sub, read]) { Programs.Run("touch", "-a", "-d", "2001-02-03", path); }
            File.ReadAllText(read);
            Assert.NotEqual("2001", AccessYear(read));
            new TestVault(d.Path).BackupAll(source);
            Assert.Equal("2001", AccessYear(file));
            Assert.Equal("2001", AccessYear(sub));
        }
        finally { Programs.Run("umount", "-l", source); }
    }

    private static string AccessYear(string path) => Programs.Run("stat", "-c", "%x", path)[..4];
}
