using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Restores in place across mounts, among hard links, and to file systems that cannot keep everything.</summary>
[Trait("Needs", "root")]
public sealed class InPlaceDiskTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly List<string> _mounted = [];
    private string? _loop;

    public void Dispose()
    {
        _mounted.Reverse();
        foreach (string place in _mounted) { Programs.Run("umount", "-l", place); }
        if (_loop is not null) { Programs.Run("losetup", "-d", _loop); }
        _desk.Dispose();
    }

    [Fact]
    public void Nothing_is_deleted_across_a_mount()
    {
        string source = _desk.Source();
        _desk.Varve.Succeed("backup", source);
        Directory.CreateDirectory(source + "/extra/of-another-system");
        Directory.CreateDirectory(source + "/extra/bound");
        Directory.CreateDirectory(_desk["same-system"]);
        File.WriteAllText(_desk["same-system/kept"], "kept");
        Mount(source + "/extra/of-another-system", "-t", "tmpfs", "tmpfs");
        Mount(source + "/extra/bound", "--bind", _desk["same-system"]);
        File.WriteAllText(source + "/extra/of-another-system/kept", "kept");
        File.WriteAllText(source + "/extra/goes", "goes");
        VarveResult result = _desk.Varve.Succeed("restore", "--in-place", "--delete", "--json");
        Assert.Equal(2, result.Object.GetProperty("protectedCount").GetInt32());
        Assert.True(File.Exists(source + "/extra/of-another-system/kept") && File.Exists(_desk["same-system/kept"]));
        Assert.False(File.Exists(source + "/extra/goes"));
    }

    [Fact]
    public void A_file_with_other_hard_links_keeps_them()
    {
        string source = _desk.Source();
        ZooPosix.Link(ZooPosix.Path(source + "/report.odt"), ZooPosix.Path(source + "/letters/report"));
        ZooPosix.Link(ZooPosix.Path(source + "/report.odt"), ZooPosix.Path(_desk["outside"]));
        _desk.Varve.Succeed("backup", source);
        string saved = _desk["saved"];
        Programs.Run("cp", "-a", source, saved);
        ulong inode = Inode(source + "/report.odt");
        File.WriteAllText(source + "/report.odt", "changed under all its names");
        _desk.Varve.Succeed("restore", "latest:report.odt", "--in-place");
        string[] names = [source + "/report.odt", source + "/letters/report", _desk["outside"]];
        Assert.All(names, name => Assert.Equal((inode, File.ReadAllText(saved + "/report.odt")), (Inode(name), File.ReadAllText(name))));

        // Names that were taken apart become one file again, and a name that was joined to another file one of its own.
        File.Delete(source + "/letters/report");
        ZooPosix.Link(ZooPosix.Path(source + "/empty"), ZooPosix.Path(source + "/letters/report"));
        _desk.Varve.Succeed("restore", "--in-place");
        Assert.Equal("", RsyncJudge.Compare(saved, source));
        Assert.Equal(inode, Inode(_desk["outside"]));
    }

    [Fact]
    public void The_repository_itself_is_not_deleted_wherever_it_lies()
    {
        string source = _desk.Source();
        string[] at = ["-r", source + "/extra/repository", "--key-file", _desk["key"]];
        Directory.CreateDirectory(source + "/extra");
        _desk.Varve.Succeed(["init", .. at]);
        _desk.Varve.Succeed(["backup", .. at, source, "--exclude", "extra"]);
        File.WriteAllText(source + "/extra/goes", "goes");
        _desk.Varve.Succeed(["restore", .. at, "--in-place", "--delete", "--delete-excluded"]);
        Assert.False(File.Exists(source + "/extra/goes"));
        _desk.Varve.Succeed(["check", "--read-data", .. at]);
    }

    [Fact]
    public void A_disk_without_owners_modes_and_case_tells_each_loss_once_with_paths_and_the_second_of_two_names()
    {
        string source = _desk["source"], mount = Directory.CreateDirectory(_desk["mount"]).FullName;
        Directory.CreateDirectory(source + "/sub");
        File.WriteAllText(source + "/Letter", "upper");
        File.WriteAllText(source + "/letter", "lower");
        File.WriteAllText(source + "/sub/plain", "plain");
        File.CreateSymbolicLink(source + "/sub/link", "plain");
        ZooPosix.Chown(ZooPosix.Path(source + "/sub/plain"), 12, 34);
        _desk.Varve.Succeed("backup", source);
        Programs.Run("truncate", "-s", "40M", _desk["image"]);
        Programs.Run("mkfs.exfat", _desk["image"]);
        _loop = Programs.Run("losetup", "-f", "--show", _desk["image"]).Trim();
        Programs.Run("mount.exfat-fuse", _loop, mount);
        _mounted.Add(mount);
        for (int round = 0; round < 2; round++)
        {
            VarveResult result = _desk.Varve.Run("restore", "--target", mount, "--overwrite", "if-changed", "--json").Expect(3);
            string[] failed = [.. result.Object.GetProperty("failures").EnumerateArray()
                .Select(static f => f.GetProperty("path").GetString()!)];
            Assert.Equal(["letter", "sub/link"], failed.Order(StringComparer.Ordinal));
            Assert.Contains(result.Object.GetProperty("notSet").EnumerateArray(),
                static n => n.GetString()!.StartsWith("1 entries kept the owner", StringComparison.Ordinal)
                && n.GetString()!.Contains("sub/plain", StringComparison.Ordinal));
            Assert.Equal("upper", File.ReadAllText(mount + "/Letter"));
            // Times that the disk keeps to two seconds are no difference.
            Assert.Equal(round == 0 ? 2 : 0, result.Object.GetProperty("files").GetInt32());
        }
    }

    [Fact]
    public void On_a_disk_with_clones_a_large_file_keeps_the_blocks_that_do_not_differ()
    {
        using var disk = new LoopDisk("xfs", 400);
        string source = Directory.CreateDirectory(disk.Root + "/source").FullName, file = source + "/large";
        byte[] content = Desk.Bytes(1, 30_000_000);
        File.WriteAllBytes(file, content);
        _desk.Varve.Succeed("backup", source);
        using (FileStream open = File.OpenWrite(file))
        {
            open.Position = 10_000_000;
            open.Write(new byte[100]);
        }

        JsonElement result = _desk.Varve.Succeed("restore", "--in-place", "--json").Object;
        Assert.InRange(result.GetProperty("bytes").GetInt64(), 100, 2_000_000);
        Assert.Equal(content, File.ReadAllBytes(file));
        ulong inode = Inode(file);
        File.AppendAllText(file, "more");
        _desk.Varve.Succeed("restore", "--in-place", "--inplace-write");
        Assert.Equal(content, File.ReadAllBytes(file));
        Assert.Equal(inode, Inode(file));
    }

    private static ulong Inode(string path) => ZooPosix.Stat(ZooPosix.Path(path)).Inode;

    private void Mount(string place, params string[] what)
    {
        Programs.Run("mount", [.. what, place]);
        _mounted.Add(place);
    }
}
