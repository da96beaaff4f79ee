using System.Text;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Platform;
using Varve.Tests.Kit.Disks;

namespace Varve.Tests.Platform;

/// <summary>Clones without a name.</summary>
public sealed class ReflinkTests
{
    [Theory]
    [Trait("Needs", "root")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public void A_clone_keeps_the_content_of_its_moment_and_leaves_no_trace(string fileSystem)
    {
        using var mount = new LoopMount(fileSystem);
        string path = Path.Combine(mount.Path, "file");
        byte[] before = [.. Enumerable.Range(0, 100_000).Select(static i => (byte)(i * 7))];
        File.WriteAllBytes(path, before);
        SafeFd directory = Open(mount.Path), source = Open(path);
        Assert.Equal(0, Posix.Stat(directory.Value, out EntryStat untouched));
        Assert.Equal(0, Reflink.OpenNameless(directory.Value, out SafeFd clone));
        Assert.Equal(0, Posix.Clone(clone.Value, source.Value));
        File.WriteAllBytes(path, new byte[10]);
        byte[] kept = new byte[before.Length + 1];
        Assert.Equal(0, Posix.ReadAt(clone.Value, kept, 0, out int read));
        Assert.Equal(before.Length, read);
        Assert.Equal(before, kept.AsSpan(0, before.Length));
        Assert.Equal(["file"], Directory.GetFileSystemEntries(mount.Path).Select(Path.GetFileName));
        Assert.Equal(0, Posix.Stat(directory.Value, out EntryStat now));
        Assert.Equal((untouched.Mtime, untouched.Ctime), (now.Mtime, now.Ctime));
        foreach (SafeFd file in (SafeFd[])[directory, source, clone]) { file.Close(); }
    }

    [Theory]
    [Trait("Needs", "root")]
    [InlineData("ext4")]
    [InlineData("tmpfs")]
    public void A_file_system_without_clones_says_so(string fileSystem)
    {
        using var mount = new LoopMount(fileSystem);
        string path = Path.Combine(mount.Path, "file");
        File.WriteAllText(path, "x");
        SafeFd directory = Open(mount.Path), source = Open(path);
        Assert.Equal(0, Reflink.OpenNameless(directory.Value, out SafeFd clone));
        Assert.Equal(Errno.ENOTSUP, Posix.Clone(clone.Value, source.Value));
        foreach (SafeFd file in (SafeFd[])[directory, source, clone]) { file.Close(); }
    }

    private static SafeFd Open(string path)
    {
        Assert.Equal(0, Posix.OpenAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), Posix.O_RDONLY, out SafeFd file));
        return file;
    }
}
