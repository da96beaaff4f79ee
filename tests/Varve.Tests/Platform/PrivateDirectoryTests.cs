using System.Runtime.InteropServices;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Platform;

public sealed partial class PrivateDirectoryTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private string Place => System.IO.Path.Combine(_scratch.Path, "above", "place");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(0u)]
    [InlineData(0x3Fu)] // 077
    [InlineData(0xBFu)] // 0277: not even the owner may write
    public void Whatever_the_umask_it_is_made_for_its_owner_alone(uint mask)
    {
        WithUmask(mask, () =>
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Place)!);
            Chmod(Path(System.IO.Path.GetDirectoryName(Place)!), 0x1ED); // one of mode 0777 would be refused
            using PrivateDirectory directory = PrivateDirectory.Open(Place, Subject.Cache(Place));
            Assert.Equal(0x1C0u, Stat(Path(Place)).Mode);
            Assert.Equal(0, directory.MakeChild("child"u8, out PrivateDirectory? child));
            child!.Dispose();
            Assert.Equal(0x1C0u, Stat(Path(Place, "child")).Mode);
        });
    }

    [Fact]
    public void It_is_made_with_those_above_it_and_opened_again()
    {
        using (PrivateDirectory.Open(Place, Subject.Cache(Place))) { File.WriteAllText(System.IO.Path.Combine(Place, "file"), "x"); }
        Assert.Equal(0x1C0u, Stat(Path(System.IO.Path.GetDirectoryName(Place)!)).Mode);
        using PrivateDirectory again = PrivateDirectory.Open(Place + "/", Subject.Cache(Place));
        Assert.Equal(0, again.List(out List<string> names));
        Assert.Equal(["file"], names);
        Assert.Equal(Place, again.Path);
    }

    [Fact]
    public void A_symlink_in_its_place_is_refused_and_one_above_it_is_followed()
    {
        string real = System.IO.Path.Combine(_scratch.Path, "real");
        Directory.CreateDirectory(System.IO.Path.Combine(real, "place"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(System.IO.Path.Combine(_scratch.Path, "above"), "real");
        using (PrivateDirectory.Open(Place, Subject.Cache(Place))) { }
        string link = System.IO.Path.Combine(_scratch.Path, "link");
        File.CreateSymbolicLink(link, "real/place");
        Refused(link, "it is a symbolic link");
        File.WriteAllText(System.IO.Path.Combine(_scratch.Path, "file"), "");
        Refused(System.IO.Path.Combine(_scratch.Path, "file"), "not a directory");
    }

    [Theory]
    [InlineData(0x1F8u)] // 0770
    [InlineData(0x1C2u)] // 0702
    [InlineData(0x3FFu)] // 01777: sticky helps nobody who looks for a name
    public void One_that_others_may_write_to_is_refused(uint mode)
    {
        Directory.CreateDirectory(Place);
        Chmod(Path(Place), mode);
        Refused(Place, "others than its owner may write to it");
        Assert.Null(PrivateDirectory.OpenExisting(Place));
        Chmod(Path(Place), 0x1ED); // 0755: they may read
        PrivateDirectory.Open(Place, Subject.Cache(Place)).Dispose();
    }

    [Fact]
    public void One_that_an_ACL_lets_another_write_to_is_refused()
    {
        Directory.CreateDirectory(Place);
        Chmod(Path(Place), 0x1C0);
        try { SetXattr(Path(Place), "system.posix_acl_access", ZooAcl.Acl(12345, 7, 12345, 0, owner: 7, owningGroup: 0, other: 0)); }
        catch (ZooException) { Assert.Skip("The file system has no ACLs"); }
        Refused(Place, "others than its owner may write to it");
    }

    [Fact]
    public void One_of_another_owner_is_refused()
    {
        Assert.SkipUnless(IsRoot, "Needs root");
        Directory.CreateDirectory(Place);
        Chown(Path(Place), 12345, 12345);
        Chmod(Path(Place), 0x1C0);
        Refused(Place, "it belongs to user 12345, not to user 0");
    }

    [Fact]
    public void What_is_emptied_is_the_directory_that_was_opened_whatever_has_its_name_by_then()
    {
        using PrivateDirectory directory = PrivateDirectory.Open(Place, Subject.Cache(Place));
        Directory.CreateDirectory(System.IO.Path.Combine(Place, "sub", "deep"));
        File.WriteAllText(System.IO.Path.Combine(Place, "sub", "deep", "file"), "");
        string other = System.IO.Path.Combine(_scratch.Path, "other"), file = System.IO.Path.Combine(other, "sub", "precious");
        Directory.CreateDirectory(System.IO.Path.Combine(other, "sub"));
        File.WriteAllText(file, "");
        File.CreateSymbolicLink(System.IO.Path.Combine(Place, "link"), other);
        Directory.Move(Place, Place + "-moved");
        File.CreateSymbolicLink(Place, other);

        Assert.Equal(0, directory.Empty());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Place + "-moved"));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void A_tree_in_it_is_removed_but_not_through_a_symlink()
    {
        using PrivateDirectory directory = PrivateDirectory.Open(Place, Subject.Cache(Place));
        string other = System.IO.Path.Combine(_scratch.Path, "other");
        Directory.CreateDirectory(other);
        File.WriteAllText(System.IO.Path.Combine(other, "precious"), "");
        File.CreateSymbolicLink(System.IO.Path.Combine(Place, "link"), other);
        Assert.NotEqual(0, directory.RemoveTree("link"u8));
        Directory.CreateDirectory(System.IO.Path.Combine(Place, "tree", "below"));
        File.CreateSymbolicLink(System.IO.Path.Combine(Place, "tree", "link"), other);
        WriteFile(Path(Place, [(byte)'t', (byte)'r', (byte)'e', (byte)'e', (byte)'/', 0xFF]), [1]);
        Assert.Equal(0, directory.RemoveTree("tree"u8));
        Assert.True(File.Exists(System.IO.Path.Combine(other, "precious")));
    }

    private static void Refused(string place, string why)
    {
        VarveException e = Assert.Throws<VarveException>(() => PrivateDirectory.Open(place, Subject.Cache(place)));
        Assert.Equal(ErrorKind.Storage, e.Kind);
        Assert.Contains(place, e.Message, StringComparison.Ordinal);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    /// <summary>On a thread of its own, which has a umask of its own: that of the process belongs to all tests.</summary>
    private static void WithUmask(uint mask, Action action)
    {
        const int CLONE_FS = 0x200;
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, unshare(CLONE_FS));
                _ = umask(mask);
                action();
            }
            catch (Exception e) { error = e; }
        });
        thread.Start();
        thread.Join();
        if (error is not null) { throw new InvalidOperationException(error.Message, error); }
    }

    [LibraryImport("libc")] private static partial int unshare(int flags);
    [LibraryImport("libc")] private static partial uint umask(uint mask);
}
