using System.Globalization;
using System.Text;
using Varve.Model;
using Varve.Restore.Entries;
using Varve.Restore.Plan;
using Varve.Restore.Target;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using static Varve.Restore.Target.MetadataLosses;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>Single classes of the restore's file system side.</summary>
public sealed class WriterTests
{
    private readonly MetadataLosses _losses = new();
    private readonly MetadataSetter _setter;
    private readonly FileWriter _files;

    public WriterTests()
    {
        _setter = new MetadataSetter(_losses);
        _files = new FileWriter(_setter);
    }

    [Fact]
    public void The_target_is_made_with_its_parents_and_knows_whether_it_is_empty()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["x/y/z"] + "/");
        Assert.True(root.WasCreated);
        Assert.True(root.IsEmpty());
        Assert.Equal(0x1C0u, Stat(Path(d["x/y/z"])).Mode);
        Assert.True(_files.WriteSmall(root, ".hidden"u8, [], Some(0)).Ok);
        Assert.False(root.IsEmpty());
        root.Release();
        Assert.False(Target.Open(d["x/y/z"]).WasCreated);
    }

    [Fact]
    public void A_target_that_is_a_file_is_a_clear_error()
    {
        using var d = new ZooDirectory();
        WriteFile(Path(d["file"]), []);
        VarveException e = Assert.Throws<VarveException>(() => Target.Open(d["file"]));
        Assert.Equal(ErrorKind.Storage, e.Kind);
        Assert.Contains(d["file"] + " cannot be opened: not a directory", e.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Storage, Assert.Throws<VarveException>(() => Target.Open(d["file/below/it"])).Kind);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_full_target_stops_the_restore_and_names_the_path()
    {
        VarveException e = Assert.Throws<VarveException>(OnFullTarget);
        Assert.Equal(ErrorKind.Storage, e.Kind);
        Assert.Matches("^the target .*/sub/large cannot be written: no space left on device$", e.Message);
        Assert.Equal(Advice.FreeTarget, e.Advice);
    }

    [Fact]
    public void Large_files_are_written_from_several_threads_and_what_is_not_written_is_hole()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        const long size = 64 << 20;
        Assert.True(_files.CreateFile(root, "large"u8, size, out RestoredFile? file).Ok);
        Parallel.For(0, 16,
            i => Assert.True(file!.WriteAt(Encoding.ASCII.GetBytes(i.ToString("0000", CultureInfo.InvariantCulture)), i * (4L << 20)).Ok));
        Assert.Throws<ArgumentOutOfRangeException>(() => file!.WriteAt("x"u8, size));
        Assert.True(file!.Finish(Some(size)).Ok);
        ZooStat stat = Stat(Path(d["t"], "large"));
        Assert.Equal((size, new FileTime(9, 9)), (stat.Size, stat.Mtime));
        Assert.InRange(stat.Blocks * 512, 1, 1 << 20);
        using FileStream f = System.IO.File.OpenRead(d["t/large"]);
        var four = new byte[4];
        for (int i = 0; i < 16; i++)
        {
            f.Position = i * (4L << 20);
            f.ReadExactly(four);
            Assert.Equal(i, int.Parse(four, CultureInfo.InvariantCulture));
        }

        root.Release();
    }

    [Fact]
    public void An_abandoned_file_is_gone()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        Assert.True(_files.CreateFile(root, "large"u8, 100, out RestoredFile? file).Ok);
        Assert.True(root.IsEmpty());
        file!.Dispose();
        Assert.True(root.IsEmpty());
        root.Release();
    }

    [Fact]
    public void A_directory_completes_when_its_last_reference_goes_and_children_before_parents()
    {
        using var d = new ZooDirectory();
        var completed = new List<string>();
        TargetDirectory root = Target.Open(d["t"], completed: x => completed.Add(Encoding.UTF8.GetString(x.RelativePath([]))));
        root.CreateChild("a"u8, out TargetDirectory? a);
        a!.CreateChild("b"u8, out TargetDirectory? b);
        _files.CreateFile(b!, "large"u8, 1, out RestoredFile? file);
        root.Release();
        a.Release();
        b!.Release();
        Assert.Empty(completed);
        Assert.Equal("a/b/large", Encoding.UTF8.GetString(b.RelativePath("large"u8)));
        Assert.Equal(d["t"] + "/a/b/large", b.DisplayPath("large"u8));
        Assert.True(file!.Finish(Some(1)).Ok);
        Assert.Equal(["a/b", "a", ""], completed);
        Assert.NotEqual(0, root.CreateChild("late"u8, out _).Errno);
    }

    [Fact]
    public void Merging_fills_directories_that_exist_which_keep_what_they_are_and_leaves_files_that_exist()
    {
        using var d = new ZooDirectory();
        MakeDirectory(Path(d["t"]));
        MakeDirectory(Path(d["t"], "dir"));
        WriteFile(Path(d["t"], "dir/old"), [1]);
        SetXattr(Path(d["t"], "dir"), "system.posix_acl_access", ZooAcl.Acl(1, 7, 2, 7));
        ZooStat before = Stat(Path(d["t"], "dir"));
        TargetDirectory root = Target.Open(d["t"], merge: true);
        RestoreOutcome outcome = root.CreateChild("dir"u8, out TargetDirectory? child);
        Assert.True(outcome.Ok);
        Assert.False(outcome.Created);
        Assert.Equal(17, _files.WriteSmall(child!, "old"u8, "x"u8, Some(1)).Errno);
        Assert.True(_files.WriteSmall(child!, "new"u8, "x"u8, Some(1)).Ok);
        EntryStat stat = Some(0);
        (stat.Kind, stat.Mode) = (EntryKind.Directory, 0x140);
        Assert.True(_setter.FinishDirectory(child!, stat, null).Ok);
        Assert.Equal([1], System.IO.File.ReadAllBytes(d["t/dir/old"]));
        Assert.Equal((before.Mode, before.Uid), (Stat(Path(d["t"], "dir")).Mode, Stat(Path(d["t"], "dir")).Uid));
        int fd = OpenDirectory(d["t"]);
        Assert.Equal(["system.posix_acl_access"], XattrsAt(fd, "dir"u8.ToArray()).Keys);
        Close(fd);
    }

    [Fact]
    public void Times_that_are_commands_to_the_kernel_are_refused()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        foreach (int nanoseconds in (int[])[(1 << 30) - 1, (1 << 30) - 2, -1, 1_000_000_000])
        {
            EntryStat stat = Some(0);
            stat.Mtime = new FileTime(1, nanoseconds);
            RestoreOutcome outcome = _files.WriteSmall(root, Encoding.ASCII.GetBytes(nanoseconds.ToString(CultureInfo.InvariantCulture)),
                [], stat);
            Assert.Equal((FailedOperation.Metadata, 22, true), (outcome.Operation, outcome.Errno, outcome.Created));
        }

        root.Release();
    }

    [Fact]
    public void Writing_small_files_allocates_nothing()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        EntryStat stat = Some(3);
        var details = new EntryDetails { Xattrs = [new Xattr("user.varve"u8.ToArray(), [1])] };
        int written = 0;
        void WriteSome()
        {
            Span<byte> name = stackalloc byte[1];
            for (int i = 0; i < 12; i++)
            {
                name[0] = (byte)('A' + written++);
                if (!_files.WriteSmall(root, name, "abc"u8, stat, i % 2 == 0 ? details : null).Ok) { Assert.Fail("not written"); }
            }
        }

        WriteSome();
        Assert.Equal(0, Allocations.Of(WriteSome));
        root.Release();
    }

    [Fact]
    public void A_metadata_failure_does_not_keep_the_rest_from_being_set()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        var details =
            new EntryDetails
            {
                Xattrs = [new Xattr("user.too-large"u8.ToArray(), new byte[70_000]),
            new Xattr("user.varve"u8.ToArray(), [1])]
            };
        RestoreOutcome outcome = _files.WriteSmall(root, "x"u8, "abc"u8, Some(3), details);
        Assert.Equal((FailedOperation.Metadata, true), (outcome.Operation, outcome.Created));
        Assert.Contains("the extended attribute user.too-large could not be set", outcome.Message, StringComparison.Ordinal);
        Assert.Equal("xattr user.too-large", outcome.ToFailure([]).Attribute);
        int fd = OpenDirectory(d["t"]);
        Assert.Equal(["user.varve"], XattrsAt(fd, "x"u8.ToArray()).Keys);
        Close(fd);
        Assert.Equal((0x1A4u, new FileTime(9, 9)), (Stat(Path(d["t"], "x")).Mode, Stat(Path(d["t"], "x")).Mtime));
        root.Release();
    }

    [Fact]
    public void A_target_without_extended_attributes_or_flags_is_counted()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "No tmpfs here");
        string path = System.IO.Path.Combine("/dev/shm", System.IO.Path.GetRandomFileName());
        try
        {
            TargetDirectory root = Target.Open(path);
            var details = new EntryDetails { Xattrs = [new Xattr("unknown.varve"u8.ToArray(), [1])], Attributes = 0x4 };
            RestoreOutcome outcome = _files.WriteSmall(root, "x"u8, "abc"u8, Some(3), details);
            Assert.True(outcome.Ok, outcome.Message);
            Assert.Equal((1, 1), (_losses.Of(Loss.OtherXattr), _losses.Of(Loss.Flags)));
            root.Release();
        }
        finally { Directory.Delete(path, recursive: true); }
    }

    [Fact]
    public void A_time_out_of_the_file_systems_range_is_counted()
    {
        using var d = new ZooDirectory();
        TargetDirectory root = Target.Open(d["t"]);
        EntryStat stat = Some(0);
        stat.Mtime = new FileTime(long.MaxValue / 2, 0);
        RestoreOutcome outcome = _files.WriteSmall(root, "x"u8, [], stat);
        Assert.True(outcome.Ok, outcome.Message);
        Assert.Equal(Stat(Path(d["t"], "x")).Mtime == stat.Mtime ? 0 : 1, _losses.Of(Loss.Time));
        root.Release();
    }

    [Fact]
    public void Owners_map_by_name_where_the_name_exists()
    {
        Assert.Equal(4242u, new OwnerMap().User(4242, "root"u8));
        var byName = new OwnerMap(OwnerMapping.ByName);
        Assert.Equal(0u, byName.User(4242, "root"u8));
        Assert.Equal(0u, byName.Group(4242, "root"u8));
        Assert.Equal(4242u, byName.User(4242, "no such user here"u8));
        Assert.Equal(4242u, byName.User(4242, [0xFF, 0, 1]));
        Assert.Equal(4242u, byName.Group(4242, []));
        Assert.Equal(0u, byName.User(0, "nobody"u8));
    }

    private void OnFullTarget()
    {
        Assert.SkipUnless(IsRoot, "Mounting needs root");
        using var d = new ZooDirectory();
        try { Programs.Run("mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", d.Root); }
        catch (IOException) { Assert.Skip("Cannot mount here"); }
        try
        {
            TargetDirectory root = Target.Open(d["t"]);
            Assert.True(root.CreateChild("sub"u8, out TargetDirectory? sub).Ok);
            try { _files.WriteSmall(sub!, "large"u8, new byte[2 << 20], Some(2 << 20)); }
            finally
            {
                Assert.False(System.IO.File.Exists(d["t/sub/large"]));
                root.CloseAll();
            }
        }
        finally { Programs.Run("umount", d.Root); }
    }

    private static EntryStat Some(long size)
    {
        EntryStat stat = Stat("/proc/self"u8.ToArray()).ToEntry();
        (stat.Kind, stat.Size, stat.Mode, stat.Mtime) = (EntryKind.File, size, 0x1A4, new FileTime(9, 9));
        return stat;
    }
}
