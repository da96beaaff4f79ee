using Varve.Backup;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Other file systems, and subvolumes of btrfs, which are as many, when only one file system is wanted.</summary>
[Trait("Needs", "root")]
public sealed class OtherFileSystemTests : VaultTest
{
    [Fact]
    public void File_systems_that_are_not_entered_are_counted_in_one_note_and_the_first_is_named()
    {
        foreach (string name in (string[])["b", "a/deep", "c"]) { Directory.CreateDirectory(Path.Combine(_source, name)); }
        using (var first = new LoopMount("tmpfs", Path.Combine(_source, "b")))
        {
            Assert.Equal("b is stored without what is in it: it is another file system or subvolume", Note());
            using var second = new LoopMount("tmpfs", Path.Combine(_source, "a/deep"));
            Assert.Equal("a/deep is stored without what is in it, as is one more: they are other file systems or subvolumes", Note());
            using var third = new LoopMount("tmpfs", Path.Combine(_source, "c"));
            Assert.Equal("a/deep is stored without what is in it, as are 2 more: they are other file systems or subvolumes", Note());
            Assert.Empty(_vault.BackupAll(_source).Notes);
        }

        Assert.Empty(_vault.BackupAll(_source, static o => o with { OneFileSystem = true }).Notes);
    }

    [Fact]
    public void A_subvolume_that_is_not_entered_is_told()
    {
        using var mount = new LoopMount("btrfs", _source);
        Programs.Run("btrfs", "-q", "subvolume", "create", Path.Combine(_source, "home"));
        File.WriteAllText(Path.Combine(_source, "home/file"), "x");
        Assert.Equal("home is stored without what is in it: it is another file system or subvolume", Note());
    }

    private string Note() => Assert.Single(_vault.BackupAll(_source, static o => o with { OneFileSystem = true }).Notes).ToString();
}
