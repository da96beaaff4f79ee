using Varve.Model;
using Varve.Platform;
using Varve.Restore;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>Targets that have no hard links, or fewer to a file than it has names: the names become copies, which is said once.</summary>
public sealed class CopiedLinkTests : IDisposable
{
    private const int Names = 20;
    private readonly Rig _rig = new();

    public CopiedLinkTests()
    {
        Directory.CreateDirectory(At(_rig.Source, "sub"));
        foreach (string name in (string[])["small", "large", "empty"])
        {
            int size = name == "large" ? 9_000_000 : name == "small" ? 5_000 : 0;
            File.WriteAllBytes(At(_rig.Source, name + "00"), Desk.Bytes(name.Length, size));
            for (int i = 1; i < Names; i++)
            {
                Link(Path(_rig.Source, name + "00"), Path(_rig.Source, $"{(i % 2 == 0 ? "" : "sub/")}{name}{i:00}"));
            }
        }

        Symlink("small00"u8.ToArray(), Path(_rig.Source, "symlink"));
        Link(Path(_rig.Source, "symlink"), Path(_rig.Source, "symlink2"));
        _rig.Backup();
    }

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(Errno.EPERM)]
    [InlineData(Errno.ENOTSUP)]
    [InlineData(Errno.ENOSYS)]
    public void Without_links_every_name_is_a_copy(int error)
    {
        RestoreResult result = Restore((c, name) => c == SystemCall.Link ? error
            : c == SystemCall.Create && name == "." ? Errno.ENOTSUP : 0);
        Assert.Equal($"{3 * (Names - 1) + 1} further names of files became copies: the target has no hard links, or not so many: "
            + "empty02, empty04, empty06, \u2026", Assert.Single(result.NotSet));
        Assert.Equal(3 * Names, Inodes());
    }

    [Fact]
    public void Beyond_the_most_links_of_a_file_the_names_go_on_with_another_copy()
    {
        var links = new Dictionary<string, int>();
        RestoreResult result = Restore((c, name) =>
        {
            if (c != SystemCall.Link || !name.Contains("small", StringComparison.Ordinal)) { return 0; }
            links["small"] = links.GetValueOrDefault("small") + 1;
            return links["small"] % 6 == 5 ? Errno.EMLINK : 0;
        });
        Assert.Contains("further names of files became copies", Assert.Single(result.NotSet), StringComparison.Ordinal);
        Assert.InRange(Inodes(), 2 + 4, 2 + 5);
    }

    [Fact]
    public void A_first_name_that_somebody_else_has_in_the_target_is_nothing_to_link_to()
    {
        string target = _rig["target"];
        Directory.CreateDirectory(target);
        File.WriteAllText(At(target, "small00"), "mine");
        ZooStat before = Stat(Path(target, "small00"));
        RestoreResult result = Restore(static (_, _) => 0, overwrite: true);
        Assert.Equal("small00", PathText.Of(Assert.Single(result.Failures).Path));
        Assert.Equal((before.Inode, 1u), (Stat(Path(target, "small00")).Inode, Stat(Path(target, "small00")).Links));
        Assert.Equal((uint)Names - 1, Stat(Path(target, "small02")).Links);
        Assert.Equal(File.ReadAllBytes(At(_rig.Source, "small00")), File.ReadAllBytes(At(target, "sub/small01")));
    }

    private static string At(string root, string name) => System.IO.Path.Combine(root, name);

    private int Inodes() => Directory.EnumerateFiles(_rig["target"], "*0*", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(_rig["target"], "*1*", SearchOption.AllDirectories))
        .Select(static p => Stat(Path(p)).Inode).Distinct().Count();

    private RestoreResult Restore(Func<SystemCall, string, int> observer, bool overwrite = false)
    {
        using Repository repository = _rig.Open();
        RestoreResult result;
        using (new SystemCallWatch((c, _, name) =>
        {
            lock (_rig) { return observer(c, System.Text.Encoding.UTF8.GetString(name)); }
        }))
        {
            result = Kit.Engine.Restore(repository, _rig["target"], with: o => o with { Workers = 2, Overwrite = overwrite });
        }

        if (overwrite) { return result; }
        Assert.Empty(result.Failures);
        Assert.Equal((3 * Names, 2), (result.Files, result.Others));
        foreach (string path in Directory.EnumerateFiles(_rig.Source, "*", SearchOption.AllDirectories))
        {
            string copy = At(_rig["target"], System.IO.Path.GetRelativePath(_rig.Source, path));
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(copy)), copy);
            Assert.Equal(Stat(Path(path)).Mtime, Stat(Path(copy)).Mtime);
        }

        return result;
    }
}
