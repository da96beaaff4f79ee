using System.Text;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Trees;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>The judges must see each single difference; else what they say of a restore is worth nothing.</summary>
[Trait("Needs", "root")]
public sealed class JudgeTests(ZooFixture zoo) : IClassFixture<ZooFixture>
{
    private static readonly Dictionary<string, (bool RsyncSees, Action<string> Change)> s_changes = new()
    {
        ["a byte of content"] = (true, r => Keeping(r, "regular/medium", p => Patch(p, 60_000))),
        ["a byte at the end of a sparse file"] = (true, r => Keeping(r, "sparse/start", p => Patch(p, 1_049_999))),
        ["size"] = (true, r => Keeping(r, "regular/hello", p => System.IO.File.AppendAllText(p, "x"))),
        ["a filled hole"] = (false, r => Keeping(r, "sparse/all", FillHole)),
        ["a missing file"] = (true, r => KeepingParent(r, "regular", () => Unlink(Path(r, "regular/one")))),
        ["an added file"] = (true, r => KeepingParent(r, "regular", () => WriteFile(Path(r, "regular/added"), []))),
        ["an added empty directory"] = (true, r => KeepingParent(r, "regular", () => MakeDirectory(Path(r, "regular/added")))),
        ["another kind"] = (true, r =>
            KeepingParent(r, "special", () => { Unlink(Path(r, "special/fifo")); WriteFile(Path(r, "special/fifo"), []); })),
        ["mode of a file"] = (true, r => Chmod(Path(r, "modes/file-644"), 0x1A0)),
        ["setuid"] = (true, r => Chmod(Path(r, "modes/file-4755"), 0x1ED)),
        ["mode of a directory"] = (true, r => Chmod(Path(r, "modes/directory-500"), 0x1C0)),
        ["mode of a socket"] = (true, r => Chmod(Path(r, "special/socket"), 0x1ED)),
        ["owner"] = (true, r => Chown(Path(r, "owners/1000-1000"), 1001, 1000)),
        ["group"] = (true, r => Chown(Path(r, "owners/1000-1000"), 1000, 1001)),
        ["owner of a symlink"] = (true,
            r => { Chown(Path(r, "symlinks/dangling"), 1235, 4321); SetTime(Path(r, "symlinks/dangling"), -5, 5); }
        ),
        ["mtime of a file by a second"] = (true, r => SetTime(Path(r, "regular/hello"), 1_600_000_012, 14)),
        ["mtime of a file by a nanosecond"] = (true, r => SetTime(Path(r, "regular/hello"), 1_600_000_013, 15)),
        ["mtime of a directory"] = (true, r => SetTime(Path(r, "regular"), 1, 1)),
        ["mtime of the root by a nanosecond"] = (true, r => SetTime(Path(r), 1_000_000_000, 123_456_788)),
        ["mtime of a symlink"] = (true, r => SetTime(Path(r, "symlinks/absolute"), 1, 1)),
        ["symlink target"] = (true, r => KeepingParent(r, "symlinks", () => Relink(r, "symlinks/absolute", "/etc/passwe"u8.ToArray(), 11))),
        ["last byte of a long symlink target"] = (true, r => KeepingParent(r, "symlinks", () =>
            Relink(r, "symlinks/long", [.. Enumerable.Repeat((byte)'x', 3_999), (byte)'y'], 4_000))),
        ["device number"] = (true, r => KeepingParent(r, "special", () =>
        {
            Unlink(Path(r, "special/block"));
            MakeNode(Path(r, "special/block"), 0x6000 | 0x1B0, 7, 201);
            Chmod(Path(r, "special/block"), 0x1B0);
            SetTime(Path(r, "special/block"), 1_111_111_111, 11);
        })),
        ["value of a user xattr"] = (true, r => SetXattr(Path(r, "xattrs/file"), "user.text", "walue"u8.ToArray())),
        ["a missing user xattr"] = (true, r => RemoveXattr(Path(r, "xattrs/file"), "user.empty")),
        ["an added user xattr"] = (true, r => SetXattr(Path(r, "regular/hello"), "user.added", [])),
        ["last byte of a large xattr"] = (true, r => SetXattr(Path(r, "xattrs/large"), "user.large", new byte[3_000])),
        ["a trusted xattr"] = (true, r => SetXattr(Path(r, "xattrs/file"), "trusted.varve", [1])),
        ["a security xattr"] = (true, r => SetXattr(Path(r, "xattrs/directory"), "security.varve", [1])),
        ["a capability"] = (true, r => SetXattr(Path(r, "xattrs/capable"), "security.capability", ZooAcl.Capability(0x4000))),
        ["a lost capability"] = (true, r => RemoveXattr(Path(r, "xattrs/capable"), "security.capability")),
        ["an xattr of a symlink"] = (true, r => RemoveXattr(Path(r, "xattrs/symlink"), "trusted.on-link")),
        ["an xattr of a fifo"] = (true, r => RemoveXattr(Path(r, "xattrs/fifo"), "trusted.on-fifo")),
        ["an ACL"] = (true, r => SetXattr(Path(r, "xattrs/acl"), "system.posix_acl_access", ZooAcl.Acl(1000, 6, 2000, 5))),
        ["a default ACL"] = (true, r =>
            SetXattr(Path(r, "xattrs/directory"), "system.posix_acl_default", ZooAcl.Acl(12_345, 7, 54_321, 5, owner: 7))),
        ["a hard link that is a copy"] = (true, r => KeepingParent(r, "links", () =>
        {
            byte[] bytes = System.IO.File.ReadAllBytes(System.IO.Path.Combine(r, "links/b"));
            Unlink(Path(r, "links/b"));
            WriteFile(Path(r, "links/b"), bytes);
            SetTime(Path(r, "links/b"), 1_600_001_000, 1_001);
        })),
        ["a hard link to another file of the same content"] = (true, r => KeepingParent(r, "links", () =>
        {
            SetTime(Path(r, "links/two"), 1_600_001_000, 1_001);
            Unlink(Path(r, "links/b"));
            Link(Path(r, "links/two"), Path(r, "links/b"));
        })),
        ["an attribute flag"] = (false, r => Assert.True(ChangeFlags(Path(r, "xattrs/no-dump"), 0, 0x40))),
    };

    public static TheoryData<string> Changes => [.. s_changes.Keys];

    [Fact]
    public void Equal_zoos_are_equal_to_both_judges()
    {
        string same = zoo.NewPath();
        Zoo.Create(same, names: 3);
        Assert.Empty(TreeCompare.Compare(zoo.Original, same));
        Assert.Equal("", RsyncJudge.Compare(zoo.Original, same));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Each_single_difference_is_seen(string change)
    {
        Assert.SkipUnless(IsRoot, "The whole zoo needs root");
        string changed = zoo.NewPath();
        Zoo.Create(changed, names: 3);
        s_changes[change].Change(changed);
        Assert.NotEmpty(TreeCompare.Compare(zoo.Original, changed));
        string rsync = RsyncJudge.Compare(zoo.Original, changed);
        Assert.True((rsync.Length > 0) == s_changes[change].RsyncSees, $"rsync said: {rsync}");
    }

    [Fact]
    public void A_difference_at_the_bottom_of_a_path_beyond_PATH_MAX_is_seen()
    {
        using var d = new ZooDirectory();
        Zoo.CreateDeep(d["a"], 500);
        Zoo.CreateDeep(d["b"], 500);
        Assert.Empty(TreeCompare.Compare(d["a"], d["b"]));
        Zoo.CreateDeep(d["c"], 501);
        Assert.Contains(TreeCompare.Compare(d["a"], d["c"]),
            static x => x.Contains("level-00499/bottom: missing", StringComparison.Ordinal));
    }

    private static void Patch(string path, long at)
    {
        using FileStream f = System.IO.File.OpenWrite(path);
        f.Position = at;
        f.WriteByte(0xA5);
    }

    private static void FillHole(string path)
    {
        using FileStream f = System.IO.File.OpenWrite(path);
        f.Write(new byte[1 << 20]);
    }

    private static void Relink(string root, string name, byte[] target, int nanoseconds)
    {
        Unlink(Path(root, name));
        Symlink(target, Path(root, name));
        SetTime(Path(root, name), 1_234_567_890, nanoseconds);
    }

    /// <summary>Changes a file and puts its modification time back, so that only the one thing differs.</summary>
    private static void Keeping(string root, string name, Action<string> change)
    {
        byte[] path = Path(root, name);
        ZooStat before = Stat(path);
        change(Encoding.UTF8.GetString(path));
        SetTime(path, before.Mtime.Seconds, before.Mtime.Nanoseconds);
    }

    private static void KeepingParent(string root, string parent, Action change) => Keeping(root, parent, _ => change());
}
