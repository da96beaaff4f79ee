using System.Text;
using Varve.Model;
using Varve.Restore.Entries;
using Varve.Restore.Target;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>Invariant 10: nothing in a repository, and nobody in the target, can lead a restore out of its target.</summary>
public sealed class ContainmentTests
{
    private readonly MetadataSetter _setter = new(new MetadataLosses());

    public static TheoryData<string> ImpossibleNames => ["", ".", "..", "/", "a/b", "../x", "/etc", "a\0b", "\0"];

    [Theory]
    [MemberData(nameof(ImpossibleNames))]
    public void A_name_that_is_no_single_name_is_damage(string text)
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        byte[] name = Encoding.UTF8.GetBytes(text);
        WriteFile(Path(d["t"], "good"), []);
        EntryStat stat = Some(EntryKind.File);
        Action[] uses =
        [
            () => root.CreateChild(name, out _),
            () => new FileWriter(_setter).WriteSmall(root, name, [], stat),
            () => new FileWriter(_setter).CreateFile(root, name, 0, out _),
            () => new SpecialFiles(_setter).Create(root, name, Some(EntryKind.Fifo), null),
            () => SpecialFiles.Link(root, "good"u8, default, root, name),
            () => SpecialFiles.Link(root, name, default, root, "good2"u8),
            () => _setter.SetFlags(root, name, default, 0x40),
        ];
        foreach (Action use in uses) { Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(use).Kind); }
        root.Release();
        Assert.Equal(["good"], Directory.EnumerateFileSystemEntries(d["t"]).Select(System.IO.Path.GetFileName));
        Assert.Equal(["t"], Directory.EnumerateFileSystemEntries(d.Root).Select(System.IO.Path.GetFileName));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_symlink_where_a_directory_should_be_is_refused_and_not_followed(bool merge)
    {
        using var d = new ZooDirectory();
        MakeDirectory(Path(d["outside"]));
        MakeDirectory(Path(d["t"]));
        Symlink(Path(d["outside"]), Path(d["t"], "dir"));
        TargetDirectory root = Target.Open(d["t"], merge);
        RestoreOutcome outcome = root.CreateChild("dir"u8, out TargetDirectory? child);
        Assert.Null(child);
        Assert.False(outcome.Ok);
        Assert.False(outcome.Created);
        Assert.Equal(merge ? "a symbolic link or a file stands where the target needs a directory"
            : "something of that name exists in the target already", outcome.Message);
        Assert.Equal(FailedOperation.Write, outcome.ToFailure(root.RelativePath("dir"u8)).Operation);
        Assert.Empty(Directory.EnumerateFileSystemEntries(d["outside"]));
        root.Release();
    }

    [Fact]
    public void A_symlink_where_a_file_should_be_is_refused_and_not_followed()
    {
        using var d = new ZooDirectory();
        WriteFile(Path(d["outside"]), [1]);
        MakeDirectory(Path(d["t"]));
        Symlink(Path(d["outside"]), Path(d["t"], "file"));
        Symlink(Path(d["not-there"]), Path(d["t"], "file2"));
        TargetDirectory root = Target.Open(d["t"], merge: true);
        var files = new FileWriter(_setter);
        Assert.Equal(17, files.WriteSmall(root, "file"u8, "xyz"u8, Some(EntryKind.File, 3)).Errno);
        Assert.Equal(17, files.WriteSmall(root, "file2"u8, "xyz"u8, Some(EntryKind.File, 3)).Errno);
        Assert.Equal(17, files.CreateFile(root, "file"u8, 3, out _).Errno);
        Assert.Equal([1], System.IO.File.ReadAllBytes(d["outside"]));
        Assert.False(System.IO.File.Exists(d["not-there"]));
        root.Release();
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_directory_swapped_for_a_symlink_while_open_is_still_the_directory()
    {
        using var d = new ZooDirectory();
        MakeDirectory(Path(d["outside"]));
        TargetDirectory root = Target.Open(d["t"]);
        Assert.True(root.CreateChild("dir"u8, out TargetDirectory? child).Ok);
        Directory.Move(d["t/dir"], d["t/moved"]);
        Symlink(Path(d["outside"]), Path(d["t"], "dir"));
        Assert.True(new FileWriter(_setter).WriteSmall(child!, "file"u8, "xyz"u8, Some(EntryKind.File, 3)).Ok);
        Assert.True(_setter.FinishDirectory(child!, Some(EntryKind.Directory), null).Ok);
        Assert.Empty(Directory.EnumerateFileSystemEntries(d["outside"]));
        Assert.True(System.IO.File.Exists(d["t/moved/file"]));
        child!.Release();
        root.Release();
    }

    [Theory]
    [InlineData("symlink")]
    [InlineData("directory")]
    [InlineData("gone")]
    public void A_directory_swapped_while_its_descriptor_was_given_up_is_noticed(string swap)
    {
        using var d = new ZooDirectory();
        MakeDirectory(Path(d["outside"]));
        TargetDirectory root = Target.Open(d["t"], maxOpen: 2);
        Assert.True(root.CreateChild("dir"u8, out TargetDirectory? child).Ok);
        var others = new List<TargetDirectory>();
        for (int i = 0; i < 5; i++)
        {
            Assert.True(root.CreateChild(Encoding.ASCII.GetBytes($"other{i}"), out TargetDirectory? other).Ok);
            others.Add(other!);
        }

        Directory.Move(d["t/dir"], d["t/moved"]);
        if (swap == "symlink") { Symlink(Path(d["outside"]), Path(d["t"], "dir")); }
        if (swap == "directory") { MakeDirectory(Path(d["t"], "dir")); }
        RestoreOutcome outcome = new FileWriter(_setter).WriteSmall(child!, "file"u8, "xyz"u8, Some(EntryKind.File, 3));
        Assert.Equal(swap switch { "symlink" => 20, "directory" => 116, _ => 2 }, outcome.Errno);
        Assert.Empty(Directory.EnumerateFileSystemEntries(d["outside"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(d["t/moved"]));
        if (swap == "directory") { Assert.Empty(Directory.EnumerateFileSystemEntries(d["t/dir"])); }
    }

    [Fact]
    [Trait("Needs", "root")]
    public void Metadata_of_a_symlink_do_not_reach_what_it_points_to()
    {
        using var d = new ZooDirectory();
        WriteFile(Path(d["outside"]), [1]);
        ZooStat before = Stat(Path(d["outside"]));
        TargetDirectory root = Target.Open(d["t"]);
        EntryStat stat = Some(EntryKind.Symlink);
        (stat.Mode, stat.Uid, stat.Gid) = (0xFFF, IsRoot ? 1234 : stat.Uid, IsRoot ? 1234 : stat.Gid);
        var details = new EntryDetails
        {
            SymlinkTarget = Path(d["outside"]),
            Xattrs = [new Xattr("trusted.varve"u8.ToArray(), [1])],
            Attributes = 0x40,
        };
        Assert.True(new SpecialFiles(_setter).Create(root, "link"u8, stat, details).Ok);
        ZooStat after = Stat(Path(d["outside"])), link = Stat(Path(d["t"], "link"));
        Assert.Equal((before.Mode, before.Uid, before.Gid, before.Mtime, before.Attributes),
            (after.Mode, after.Uid, after.Gid, after.Mtime, after.Attributes));
        Assert.Equal((stat.Uid, stat.Mtime), (link.Uid, link.Mtime));
        root.Release();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData(null)]
    public void A_symlink_without_a_possible_target_is_damage(string? target)
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        var details = new EntryDetails { SymlinkTarget = target is null ? null : Encoding.ASCII.GetBytes(target) };
        Assert.Equal(ErrorKind.Damaged,
            Assert.Throws<VarveException>(() => new SpecialFiles(_setter).Create(root, "x"u8, Some(EntryKind.Symlink), details)).Kind);
        root.Release();
    }

    private static EntryStat Some(EntryKind kind, long size = 0)
    {
        EntryStat stat = Stat("/proc/self"u8.ToArray()).ToEntry();
        (stat.Kind, stat.Size, stat.Mode, stat.Mtime) = (kind, size, 0x1A4, new FileTime(1, 1));
        return stat;
    }
}
