using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;

namespace Varve.Tests.App.Daemon.Changes;

/// <summary>What <see cref="TreeWatchTests"/> shows in memory, on the file systems that disks have.</summary>
[Trait("Needs", "root")]
public sealed class WatchedDisksTests
{
    private static readonly string[] s_deeds =
    [
        "echo new > tree/a/b/new", "echo more >> tree/c/one", "truncate -s 1 tree/c/d/e/one", "chmod 600 tree/a/one",
        "chown 12:34 tree/c/d tree/a/one", "setfattr -n user.test -v x tree/a/b/two", "mkdir tree/f/new && echo x > tree/f/new/file",
        "mv tree/a/two tree/f/two", "mv tree/c/d tree/a/d && echo late >> tree/a/d/e/one", "ln tree/a/one outside/linked",
        "echo more >> outside/linked", "mv outside/linked tree/f/linked", "rm -r tree/a/d && mkdir -p tree/a/d/e",
        "cp --reflink=auto tree/a/one tree/f/copy", "mv tree/f outside/f && mv outside/f tree/f2",
    ];

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public void Whatever_happens_on_a_disk_is_in_the_next_snapshot(string kind)
    {
        Assert.SkipUnless(Posix.EffectiveUser() == 0, "Needs root");
        using var disk = new LoopMount(kind);
        using var tree = new WatchedTree(disk.Path);
        foreach (string d in (string[])["a", "a/b", "c", "c/d/e", "f"])
        {
            tree.Write(d + "/one", d);
            tree.Write(d + "/two", d + " two");
        }

        FileClock.Settle();
        tree.Run();
        foreach (string deed in s_deeds)
        {
            FileClock.Settle();
            Programs.Run("sh", "-ec", $"cd {tree.Disk}; {deed}");
            BackupResult result = tree.RunAtRest();
            Assert.Null(tree.WhyAll);
            Assert.False(result.NothingChanged, deed);
            tree.Judge(deed);
        }
    }
}
