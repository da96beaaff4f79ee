using Varve.Model;
using Varve.Platform.Files;
using Varve.Platform;
using Varve.Store;
using Varve.Tests.Contract;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Store;

public sealed class LocalStoreTests : StoreContract, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly LocalStore _store;

    public LocalStoreTests() => _store = LocalStore.Create(Path.Combine(_scratch.Path, "some", "repository"));

    protected override IStore Store => _store;

    private string Root => _store.Description;

    private string[] Temporary => Directory.GetFiles(Path.Combine(Root, "tmp"));

    public void Dispose()
    {
        _store.Dispose();
        _scratch.Dispose();
    }

    protected override void Truncate(string key, int length)
    {
        File.SetUnixFileMode(Path.Combine(Root, key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using FileStream file = File.OpenWrite(Path.Combine(Root, key));
        file.SetLength(length);
    }

    protected override void BreakListing() => File.CreateSymbolicLink(Path.Combine(Root, "packs"), "packs");

    [Fact]
    public void Only_the_owner_reads_and_nobody_writes()
    {
        _store.Put("packs/ab/x", "x"u8);
        const UnixFileMode Directory700 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (string directory in new[] { "..", ".", "tmp", "packs", "packs/ab" })
        {
            Assert.Equal(Directory700, File.GetUnixFileMode(Path.Combine(Root, directory)));
        }

        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Path.Combine(Root, "packs/ab/x")));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_no_repository()
    {
        Throws(ErrorKind.NoRepository, () => new LocalStore(Path.Combine(_scratch.Path, "other")));
        File.WriteAllText(Path.Combine(_scratch.Path, "file"), "");
        Throws(ErrorKind.NoRepository, () => new LocalStore(Path.Combine(_scratch.Path, "file")));
    }

    [Fact]
    public void Unfinished_and_foreign_files_are_no_objects()
    {
        _store.Put("varve", "x"u8);
        File.WriteAllText(Path.Combine(Root, "tmp", "0123"), "unfinished");
        File.WriteAllText(Path.Combine(Root, ".DS_Store"), "");
        File.WriteAllText(Path.Combine(Root, "Read Me"), "");
        Directory.CreateDirectory(Path.Combine(Root, "lost+found"));
        Assert.Equal([new StoreObject("varve", 1)], _store.List(""));
    }

    [Fact]
    public void A_store_whose_directory_was_removed_is_an_error_and_not_empty()
    {
        _store.Put("index/a", "x"u8);
        Directory.Delete(Root, recursive: true);
        Throws(ErrorKind.Storage, () => _store.List("").Count());
        Throws(ErrorKind.Storage, () => _store.List("index/").Count());
        Throws(ErrorKind.Storage, () => _store.Get("index/a", 10));
        Throws(ErrorKind.Storage, () => _store.TryGetLength("index/a", out _));
        Throws(ErrorKind.Storage, () => _store.Put("index/b", "x"u8));
    }

    [Fact]
    public void A_symlink_is_an_error_and_not_absence_wherever_it_leads()
    {
        File.CreateSymbolicLink(Path.Combine(Root, "packs"), "/nowhere/at/all");
        Throws(ErrorKind.Storage, () => _store.List("packs/").Count());
        Throws(ErrorKind.Storage, () => _store.List("packs/ab/").Count());
        Throws(ErrorKind.Storage, () => _store.List("").Count());
        Throws(ErrorKind.Storage, () => _store.Get("packs/ab/x", 10));
        Throws(ErrorKind.Storage, () => _store.TryGetLength("packs/ab/x", out _));
    }

    [Fact]
    public void Many_objects_are_read_at_once_with_few_descriptors()
    {
        for (int i = 0; i < 300; i++) { _store.Put($"packs/00/{i}", BitConverter.GetBytes(i)); }
        Concurrently(8, thread =>
        {
            var random = new Random(thread);
            var bytes = new byte[4];
            for (int n = 0; n < 3000; n++)
            {
                int i = random.Next(300);
                _store.GetRange($"packs/00/{i}", 0, bytes);
                Assert.Equal(i, BitConverter.ToInt32(bytes));
            }
        });
        Assert.InRange(OpenDescriptors.Below(Root + "/packs"), 1, 64);
        _store.Dispose();
        Assert.Equal(0, OpenDescriptors.Below(Root));
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_full_disk_is_said_and_leaves_nothing_behind()
    {
        using var mount = new TinyMount(1);
        using var store = new LocalStore(mount.Path);
        VarveException e = Throws(ErrorKind.Storage, () => store.Put("packs/ab/big", new byte[2 << 20]));
        Assert.Contains("no space left on device", e.Message);
        Assert.Contains("packs/ab/big", e.Message);
        Assert.Contains(mount.Path, e.Message);
        Assert.NotEqual(Advice.None, e.Advice);
        Assert.Empty(Directory.GetFiles(Path.Combine(mount.Path, "tmp")));
        Assert.Empty(store.List(""));
        // A process that another test starts has this one's descriptors until its exec: the space comes back after that.
        Poll.Until(() => new DriveInfo(mount.Path).AvailableFreeSpace > 200_000, "the space is free again");
        Assert.True(store.Put("packs/ab/small", new byte[100_000]));
        Throws(ErrorKind.Storage, () => store.Put("packs/ab/big", new byte[2 << 20]));
        Assert.False(store.Put("packs/ab/small", new byte[2 << 20]));
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_read_only_file_system_reads_and_says_so_when_written()
    {
        using var mount = new TinyMount(2);
        using (var store = new LocalStore(mount.Path)) { store.Put("index/a", "x"u8); }
        mount.MakeReadOnly();
        using var readOnly = new LocalStore(mount.Path);
        Assert.Equal("x"u8.ToArray(), readOnly.Get("index/a", 10));
        Assert.Single(readOnly.List(""));
        Assert.Contains("read-only", Throws(ErrorKind.Storage, () => readOnly.Put("index/b", "y"u8)).Message);
        Throws(ErrorKind.Storage, () => readOnly.Delete("index/a"));
    }

    [Fact]
    [Trait("Needs", "root")]
    public void What_is_not_allowed_is_an_error_and_not_absence()
    {
        _store.Put("index/a", "x"u8);
        Directory.CreateDirectory(Path.Combine(Root, "open"));
        File.SetUnixFileMode(_scratch.Path, (UnixFileMode)0b111_111_111);
        AsUser.Run(() =>
        {
            VarveException e = Throws(ErrorKind.Storage, () => _store.Get("index/a", 10));
            Assert.Contains("permission denied", e.Message);
            Assert.NotEqual(Advice.None, e.Advice);
            Throws(ErrorKind.Storage, () => _store.TryGetLength("index/a", out _));
            Throws(ErrorKind.Storage, () => _store.List("index/").Count());
            Throws(ErrorKind.Storage, () => _store.List("").Count());
            Throws(ErrorKind.Storage, () => _store.Put("index/b", "y"u8));
            Throws(ErrorKind.Storage, () => _store.Delete("index/a"));
            Throws(ErrorKind.Storage, () => new LocalStore(Root));
        });
    }

    [Fact]
    public void Cleaning_up_removes_what_the_dead_left_and_not_what_the_living_write()
    {
        _store.Put("varve", "x"u8);
        File.WriteAllText(Path.Combine(Root, "tmp", new string('d', 32)), "unfinished");
        Assert.Equal(0, Posix.OpenAt(Posix.AT_FDCWD, System.Text.Encoding.UTF8.GetBytes(Root), Posix.O_RDONLY, out SafeFd root));
        Assert.Equal(0, DurableFile.CreateLocked(root.Value, "tmp/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8, 0x100, out SafeFd alive));
        Assert.Equal(1, _store.CleanUp());
        Assert.Equal([new string('a', 32)], Temporary.Select(Path.GetFileName));
        alive.Close();
        Assert.Equal(1, _store.CleanUp());
        Assert.Empty(Temporary);
        root.Close();
    }

    [Fact]
    public void Writers_and_cleaners_do_not_get_in_each_others_way()
    {
        bool done = false;
        Concurrently(3, i =>
        {
            for (int n = 0; i == 0 ? n < 1000 : !Volatile.Read(ref done); n++)
            {
                if (i == 0) { Assert.True(_store.Put($"index/{n}", "x"u8)); } else { _store.CleanUp(); }
            }

            if (i == 0) { Volatile.Write(ref done, true); }
        });
        Assert.Equal(1000, _store.List("index/").Count());
        Assert.Empty(Temporary);
    }
}
