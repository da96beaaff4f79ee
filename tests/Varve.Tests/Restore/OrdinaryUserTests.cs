using System.Text;
using Varve.Model;
using Varve.Restore.Entries;
using Varve.Restore.Target;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Trees;
using static Varve.Restore.Target.MetadataLosses;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>
/// What a restore by somebody who is not root does. Each test runs on a thread of its own that has become an ordinary user.
/// </summary>
[Trait("Needs", "root")]
public sealed class OrdinaryUserTests
{
    private const uint User = 65_534;
    private readonly MetadataLosses _losses = new();

    [Fact]
    public void What_an_ordinary_user_may_not_set_is_counted_and_everything_else_is_set()
    {
        using var d = new ZooDirectory();
        Prepare();
        Zoo.Create(d["a"]);
        Programs.Run("chmod", "-R", "a+rX", d["a"]);
        var copier = new ZooCopier();
        As(User, () => copier.Copy(d["a"], d["b"], threads: 0));
        Assert.Empty(copier.Failures);
        string[] expected = [": owner ", ": mode ", ": xattr trusted.", ": xattr security.", "special/char: missing",
            "special/char-large: missing", "special/block: missing"];
        IReadOnlyList<string> differences = TreeCompare.Compare(d["a"], d["b"]);
        Assert.All(differences, x => Assert.Contains(expected, e => x.Contains(e, StringComparison.Ordinal)));
        Assert.All(expected, e => Assert.Contains(differences, x => x.Contains(e, StringComparison.Ordinal)));
        Assert.Equal(3, copier.Losses.Of(Loss.Devices));
        Assert.Equal(differences.Count(static x => x.Contains(": mode ", StringComparison.Ordinal)), copier.Losses.Of(Loss.SetIdBits));
        Assert.Equal(0, copier.Losses.Of(Loss.TrustedXattr)); // An ordinary user does not even see them in the original.
        Assert.Equal(differences.Count(static x => x.Contains(": xattr security.", StringComparison.Ordinal)),
            copier.Losses.Of(Loss.SecurityXattr));
        Assert.Equal(4, copier.Losses.Lines().Count);
    }

    [Theory]
    [InlineData(0xDEDu, 0u, 0u)]
    [InlineData(0x9EDu, 0u, User)]
    [InlineData(0x5EDu, User, 0u)]
    public void A_file_whose_owner_cannot_be_set_gets_neither_setuid_nor_setgid(uint mode, uint uid, uint gid)
    {
        RestoreOne(EntryKind.File, mode, uid, gid, null, out ZooStat made, out RestoreOutcome outcome);
        Assert.True(outcome.Ok, outcome.Message);
        Assert.Equal(0x1EDu, made.Mode);
        Assert.Equal((1, 1), (_losses.Of(Loss.Owner), _losses.Of(Loss.SetIdBits)));
        Assert.Equal(2, _losses.Lines().Count);
    }

    [Fact]
    public void The_users_own_setuid_file_keeps_it()
    {
        RestoreOne(EntryKind.File, 0x9ED, User, User, null, out ZooStat made, out RestoreOutcome outcome);
        Assert.True(outcome.Ok, outcome.Message);
        Assert.Equal(0x9EDu, made.Mode);
        Assert.Empty(_losses.Lines());
    }

    [Fact]
    public void Extended_attributes_are_counted_by_name_space_and_those_of_the_user_are_set_on_a_read_only_file()
    {
        var details = new EntryDetails
        {
            Xattrs =
            [
                X("security.capability", ZooAcl.Capability(1)), X("security.varve", [1]),
                X("system.posix_acl_access", ZooAcl.Acl(1, 4, 2, 4, owner: 4, mask: 4)),
                X("trusted.varve", [1]), X("user.varve", [1]),
            ],
            Attributes = 0x50,
        };
        RestoreOne(EntryKind.File, 0x124, User, User, details, out ZooStat made, out RestoreOutcome outcome,
            out SortedDictionary<string, byte[]> xattrs);
        Assert.True(outcome.Ok, outcome.Message);
        Assert.Equal((2, 1, 0, 0),
            (_losses.Of(Loss.SecurityXattr), _losses.Of(Loss.TrustedXattr), _losses.Of(Loss.UserXattr), _losses.Of(Loss.Acl)));
        Assert.Equal(["system.posix_acl_access", "user.varve"], xattrs.Keys);
        Assert.Equal(1, _losses.Of(Loss.Flags));
        Assert.Equal(0x40u, made.Attributes);
    }

    [Fact]
    public void A_capability_is_not_given_to_a_file_of_another_owner()
    {
        RestoreOne(EntryKind.File, 0x1ED, 0, 0, new EntryDetails { Xattrs = [X("security.capability", ZooAcl.Capability(1))] }, out _,
            out RestoreOutcome outcome);
        Assert.True(outcome.Ok, outcome.Message);
        Assert.Equal(1, _losses.Of(Loss.SecurityXattr));
    }

    [Theory]
    [InlineData(EntryKind.CharDevice)]
    [InlineData(EntryKind.BlockDevice)]
    public void A_device_is_left_out_and_counted(EntryKind kind)
    {
        Prepare();
        using var d = new ZooDirectory();
        RestoreOutcome outcome = default;
        As(User, () =>
        {
            TargetDirectory root = Target.Open(d["t"]);
            outcome = new SpecialFiles(new MetadataSetter(_losses)).Create(root, "device"u8,
                new EntryStat { Kind = kind, RdevMajor = 1, RdevMinor = 3 }, null);
            root.Release();
        });
        Assert.True(outcome.Ok);
        Assert.False(outcome.Created);
        Assert.Equal(1, _losses.Of(Loss.Devices));
        Assert.Empty(Directory.EnumerateFileSystemEntries(d["t"]));
    }

    [Theory]
    [InlineData(EntryKind.Fifo)]
    [InlineData(EntryKind.Socket)]
    [InlineData(EntryKind.Symlink)]
    public void Special_files_lose_their_owner_only(EntryKind kind)
    {
        RestoreOne(kind, 0x124, 0, 0, new EntryDetails { SymlinkTarget = [1] }, out ZooStat made, out RestoreOutcome outcome);
        Assert.True(outcome.Ok, outcome.Message);
        Assert.Equal((kind, new FileTime(5, 5)), (made.Kind, made.Mtime));
        Assert.Equal(1, _losses.Of(Loss.Owner));
        Assert.Single(_losses.Lines());
    }

    [Fact]
    public void A_read_only_directory_is_filled_and_then_read_only()
    {
        Prepare();
        using var d = new ZooDirectory();
        var outcomes = new List<RestoreOutcome>();
        As(User, () =>
        {
            var setter = new MetadataSetter(_losses);
            TargetDirectory root = Target.Open(d["t"],
                completed: x => outcomes.Add(setter.FinishDirectory(x, Mine(EntryKind.Directory, 0), null)));
            outcomes.Add(root.CreateChild("dir"u8, out TargetDirectory? child));
            outcomes.Add(new FileWriter(setter).WriteSmall(child!, "file"u8, "x"u8, Mine(EntryKind.File, 0, 1)));
            child!.Release();
            root.Release();
        });
        Assert.Equal(4, outcomes.Count);
        Assert.All(outcomes, static o => Assert.True(o.Ok, o.Message));
        Assert.Equal((0u, new FileTime(5, 5)), (Stat(Path(d["t"], "dir")).Mode, Stat(Path(d["t"], "dir")).Mtime));
        Assert.Equal("x", System.IO.File.ReadAllText(d["t/dir/file"]));
    }

    private void RestoreOne(EntryKind kind, uint mode, uint uid, uint gid, EntryDetails? details, out ZooStat made,
        out RestoreOutcome outcome) =>
        RestoreOne(kind, mode, uid, gid, details, out made, out outcome, out _);

    private void RestoreOne(EntryKind kind, uint mode, uint uid, uint gid, EntryDetails? details, out ZooStat made,
        out RestoreOutcome outcome,
        out SortedDictionary<string, byte[]> xattrs)
    {
        Prepare();
        using var d = new ZooDirectory();
        RestoreOutcome result = default;
        EntryStat stat = Mine(kind, mode, kind == EntryKind.File ? 3 : 0);
        (stat.Uid, stat.Gid) = (uid, gid);
        As(User, () =>
        {
            var setter = new MetadataSetter(_losses);
            TargetDirectory root = Target.Open(d["t"]);
            result = kind == EntryKind.File
                ? new FileWriter(setter).WriteSmall(root, "x"u8, "abc"u8, stat, details)
                : new SpecialFiles(setter).Create(root, "x"u8, stat, details);
            root.Release();
        });
        outcome = result;
        made = Stat(Path(d["t"], "x"));
        int fd = OpenDirectory(d["t"]);
        xattrs = XattrsAt(fd, "x"u8.ToArray());
        Close(fd);
    }

    private static EntryStat Mine(EntryKind kind, uint mode, long size = 0) =>
        new() { Kind = kind, Mode = mode, Uid = User, Gid = User, Size = size, Mtime = new FileTime(5, 5) };

    private static Xattr X(string name, byte[] value) => new(Encoding.ASCII.GetBytes(name), value);

    private static void Prepare() => Assert.SkipUnless(IsRoot, "Becoming an ordinary user needs root");

    private static void As(uint user, Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                BecomeUser(user);
                action();
            }
#pragma warning disable CA1031 // handed to the test's thread
            catch (Exception e) { failure = e; }
#pragma warning restore CA1031
        });
        thread.Start();
        thread.Join();
        if (failure is not null) { throw new InvalidOperationException("On the ordinary user's thread", failure); }
    }
}
