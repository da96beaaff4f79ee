using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Restore.Target;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Platform;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>
/// A restore by root into a directory where somebody else may write: between any two of our calls a name may come to stand for something
/// else. Each test swaps what was made for a victim at one such moment; the victim must be as it was.
/// </summary>
[Trait("Needs", "root")]
public sealed class HostileTargetTests
{
    private const int Stale = 116;
    private const uint Attacker = 4321;
    private readonly MetadataSetter _setter = new(new MetadataLosses());

    public static TheoryData<string, string> Victims => new()
    {
        { "Fifo", "other's" }, { "Fifo", "two names" }, { "Fifo", "file" }, { "Fifo", "symlink" }, { "Fifo", "directory" },
        { "Symlink", "other's" }, { "Symlink", "file" }, { "Symlink", "directory" },
        { "Socket", "other's" }, { "Socket", "two names" }, { "Socket", "file" },
        { "CharDevice", "other's" }, { "CharDevice", "other device" }, { "CharDevice", "file" }, { "BlockDevice", "other device" },
    };

    public HostileTargetTests() => Assert.SkipUnless(IsRoot, "Needs root");

    [Theory]
    [MemberData(nameof(Victims))]
    public void What_was_swapped_before_it_gets_its_metadata_is_not_touched(string kindName, string victim)
    {
        EntryKind kind = Enum.Parse<EntryKind>(kindName);
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        MakeVictim(d["victim"], kind, victim);
        ZooStat before = Stat(Path(d["victim"]));
        RestoreOutcome outcome = default;
        using (Swap(SystemCall.Open, "x", d)) { outcome = new SpecialFiles(_setter).Create(root, "x"u8, Some(kind), Details(kind)); }

        Assert.Equal((FailedOperation.Write, Stale, false), (outcome.Operation, outcome.Errno, outcome.Created));
        Same(before, Stat(Path(d["t"], "x")));
        root.Release();
    }

    [Theory]
    [InlineData("Fifo", "SetOwner")]
    [InlineData("Fifo", "SetMode")]
    [InlineData("Fifo", "SetTime")]
    [InlineData("CharDevice", "SetMode")]
    [InlineData("Symlink", "SetOwner")]
    [InlineData("Symlink", "SetXattr")]
    [InlineData("Symlink", "SetTime")]
    [InlineData("Socket", "SetXattr")]
    public void What_is_swapped_while_it_gets_its_metadata_gets_none_of_them(string kindName, string call)
    {
        EntryKind kind = Enum.Parse<EntryKind>(kindName);
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        MakeVictim(d["victim"], kind, "its twin");
        ZooStat before = Stat(Path(d["victim"]));
        RestoreOutcome outcome = default;
        using (Swap(Enum.Parse<SystemCall>(call), null, d))
        {
            outcome = new SpecialFiles(_setter).Create(root, "x"u8, Some(kind), Details(kind));
        }

        Assert.True(outcome.Ok, outcome.Message);
        Same(before, Stat(Path(d["t"], "x")));
        ZooStat ours = Stat(Path(d["t"], "x.ours"));
        Assert.Equal((1234u, 1234u, new FileTime(1, 1)), (ours.Uid, ours.Gid, ours.Mtime));
        if (kind != EntryKind.Symlink) { Assert.Equal(0x1A4u, ours.Mode); }
        root.Release();
    }

    [Theory]
    [InlineData("other's")]
    [InlineData("filled")]
    [InlineData("symlink")]
    [InlineData("file")]
    public void A_directory_swapped_after_it_was_made_is_not_taken_for_ours(string victim)
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        MakeVictim(d["victim"], EntryKind.Directory, victim);
        ZooStat before = Stat(Path(d["victim"]));
        RestoreOutcome outcome;
        TargetDirectory? child;
        using (Swap(SystemCall.Open, "x", d)) { outcome = root.CreateChild("x"u8, out child); }

        Assert.Null(child);
        Assert.False(outcome.Ok);
        Same(before, Stat(Path(d["t"], "x")));
        root.Release();
    }

    [Theory]
    [InlineData("other's")]
    [InlineData("filled")]
    [InlineData("symlink")]
    public void A_target_swapped_after_it_was_made_is_not_taken_for_ours(string victim)
    {
        using var d = new ZooDirectory();
        MakeDirectory(Path(d["t"]));
        MakeVictim(d["victim"], EntryKind.Directory, victim);
        ZooStat before = Stat(Path(d["victim"]));
        using (Swap(SystemCall.Open, "x", d)) { Assert.Throws<VarveException>(() => Target.Open(d["t/x"])); }

        Same(before, Stat(Path(d["t"], "x")));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("symlink")]
    [InlineData("other's")]
    [InlineData("other device")]
    public void Late_flags_reach_the_file_that_was_made_and_open_nothing_else(string victim)
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        RestoreOutcome made = new FileWriter(_setter).WriteSmall(root, "x"u8, "abc"u8, Some(EntryKind.File, 3), null, tellsId: true);
        MakeVictim(d["victim"], victim == "other device" ? EntryKind.CharDevice : EntryKind.Fifo, victim);
        Exchange(d);
        int opened = 0;
        using (new SystemCallWatch((c, _, name) =>
        {
            if (c == SystemCall.Open && name.IsEmpty) { opened++; }
            return 0;
        }))
        {
            Assert.Equal(Stale, _setter.SetFlags(root, "x"u8, made.Id, 0x40).Errno);
        }

        Assert.Equal(0, opened);
        root.Release();
    }

    [Fact]
    public void Late_flags_are_for_files_only()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        RestoreOutcome made = new SpecialFiles(_setter).Create(root, "x"u8, Some(EntryKind.Fifo), null);
        Assert.True(made.Ok, made.Message);
        Assert.Equal(Stale, _setter.SetFlags(root, "x"u8, made.Id, 0x40).Errno);
        root.Release();
    }

    [Fact]
    public void A_further_name_is_given_to_the_file_that_was_made_and_to_nothing_that_took_its_name()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        RestoreOutcome made = new FileWriter(_setter).WriteSmall(root, "x"u8, "abc"u8, Some(EntryKind.File, 3), null, tellsId: true);
        MakeVictim(d["victim"], EntryKind.Symlink, "file");
        Exchange(d);
        Assert.Equal(Stale, SpecialFiles.Link(root, "x"u8, made.Id, root, "y"u8).Errno);
        Assert.False(System.IO.File.Exists(d["t/y"]));
        Assert.Equal(1u, Stat(Path(d["t"], "x")).Links);

        Programs.Run("mv", "-T", d["t/x"], d["victim"]);
        Programs.Run("mv", "-T", d["t/x.ours"], d["t/x"]);
        using (Swap(SystemCall.Link, "y", d)) { Assert.True(SpecialFiles.Link(root, "x"u8, made.Id, root, "y"u8).Ok); }
        Assert.Equal("abc", System.IO.File.ReadAllText(d["t/y"]));
        root.Release();
    }

    [Fact]
    public void A_file_that_could_not_be_filled_is_removed_and_nothing_that_took_its_name()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        MakeVictim(d["victim"], EntryKind.Fifo, "file");
        RestoreOutcome outcome = default;
        using (new SystemCallWatch((c, _, _) =>
        {
            if (c != SystemCall.Write) { return 0; }
            Exchange(d);
            return Errno.EIO;
        }))
        {
            outcome = new FileWriter(_setter).WriteSmall(root, "x"u8, "abc"u8, Some(EntryKind.File, 3));
        }

        Assert.Equal(Errno.EIO, outcome.Errno);
        Assert.Equal("victim", System.IO.File.ReadAllText(d["t/x"]));
        root.Release();
    }

    private static SystemCallWatch Swap(SystemCall at, string? name, ZooDirectory d)
    {
        bool done = false;
        return new SystemCallWatch((c, _, n) =>
        {
            if (done || c != at || (name is not null && !n.SequenceEqual(Encoding.ASCII.GetBytes(name)))) { return 0; }
            done = true;
            Exchange(d);
            return 0;
        });
    }

    private static void Exchange(ZooDirectory d)
    {
        Programs.Run("mv", "-T", d["t/x"], d["t/x.ours"]);
        Programs.Run("mv", "-T", d["victim"], d["t/x"]);
    }

    private static void MakeVictim(string path, EntryKind kind, string victim)
    {
        switch (victim)
        {
            case "file": WriteFile(Path(path), "victim"u8.ToArray()); break;
            case "directory": MakeDirectory(Path(path)); break;
            case "symlink": Symlink("/etc/passwd"u8.ToArray(), Path(path)); break;
            case "filled":
                MakeDirectory(Path(path));
                WriteFile(Path(path, "secret"), [1]);
                break;
            case "other device": MakeNode(Path(path), 0x2000 | 0x180, 1, 5); break;
            default:
                if (kind == EntryKind.Directory) { MakeDirectory(Path(path)); }
                else if (kind == EntryKind.Symlink) { Symlink("elsewhere"u8.ToArray(), Path(path)); }
                else
                {
                    uint type = kind switch
                    {
                        EntryKind.Fifo => 0x1000,
                        EntryKind.Socket => 0xC000,
                        EntryKind.CharDevice => 0x2000,
                        _ => 0x6000u,
                    };
                    MakeNode(Path(path), type | 0x180, 1, 3);
                }

                if (victim == "two names") { Link(Path(path), Path(path + "2")); }
                if (victim == "other's") { Chown(Path(path), Attacker, Attacker); }
                break;
        }
    }

    private static void Same(ZooStat before, ZooStat after) =>
        Assert.Equal((before.Inode, before.Mode, before.Uid, before.Gid, before.Mtime, before.Attributes),
            (after.Inode, after.Mode, after.Uid, after.Gid, after.Mtime, after.Attributes));

    private static EntryDetails Details(EntryKind kind) => new()
    {
        SymlinkTarget = kind == EntryKind.Symlink ? [(byte)'y'] : null,
        Device = kind is EntryKind.CharDevice or EntryKind.BlockDevice ? (1, 3) : null,
        Xattrs = [new Xattr("trusted.varve"u8.ToArray(), [1])],
    };

    private static EntryStat Some(EntryKind kind, long size = 0) =>
        new() { Kind = kind, Size = size, Mode = 0x1A4, Uid = 1234, Gid = 1234, Mtime = new FileTime(1, 1) };
}
