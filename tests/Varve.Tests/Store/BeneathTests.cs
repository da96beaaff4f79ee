using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Tests.Kit;
using Varve.Tests.Platform;

namespace Varve.Tests.Store;

/// <summary>What lies below a directory is opened without following a link on the way, with openat2 and, the same, without it.</summary>
public sealed class BeneathTests : IDisposable
{
    private const int Read = Posix.O_RDONLY;

    private readonly ScratchDirectory _scratch = new();
    private readonly string _root;
    private readonly SafeFd _fd;

    public BeneathTests()
    {
        _root = Path.Combine(_scratch.Path, "root");
        Directory.CreateDirectory(Path.Combine(_root, "a", "b"));
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "outside"));
        File.WriteAllText(Path.Combine(_root, "a", "b", "f"), "inside");
        File.WriteAllText(Path.Combine(_scratch.Path, "outside", "f"), "outside");
        File.CreateSymbolicLink(Path.Combine(_root, "out"), Path.Combine(_scratch.Path, "outside"));
        File.CreateSymbolicLink(Path.Combine(_root, "in"), "a/b");
        File.CreateSymbolicLink(Path.Combine(_root, "a", "link"), "b/f");
        File.CreateSymbolicLink(Path.Combine(_root, "dangling"), "nowhere");
        Assert.Equal(0, Posix.OpenAt(_scratch.Fd, "root"u8, Read | Posix.O_DIRECTORY, out _fd));
    }

    public void Dispose()
    {
        _fd.Close();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData("a/b/f", Read, 0)]
    [InlineData("a/b", Read, 0)]
    [InlineData(".", Read, 0)]
    [InlineData("a/b/none", Read, Errno.ENOENT)]
    [InlineData("a/none/f", Read, Errno.ENOENT)]
    [InlineData("a/b/f/g", Read, Errno.ENOTDIR)]
    [InlineData("out", Read, Errno.ELOOP)]
    [InlineData("out", Posix.O_PATH, Errno.ELOOP)]
    [InlineData("out/f", Read, Errno.ELOOP)]
    [InlineData("out/f", Posix.O_PATH, Errno.ELOOP)]
    [InlineData("in/f", Read, Errno.ELOOP)]
    [InlineData("a/link", Read, Errno.ELOOP)]
    [InlineData("dangling", Read, Errno.ELOOP)]
    [InlineData("dangling/f", Read, Errno.ELOOP)]
    [InlineData("dangling", Posix.O_WRONLY | Posix.O_CREAT, Errno.ELOOP)]
    [InlineData("../outside/f", Read, Errno.EXDEV)]
    public void Each_way_opens_the_same_and_refuses_the_same(string path, int flags, int expected)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(path);
        int errno = Beneath.Open(_fd.Value, bytes, flags, 0x180, out SafeFd file);
        Assert.Equal((expected, expected == 0), (errno, file.IsOpen));
        EntryStat known = default;
        if (errno == 0) { Assert.Equal(0, Posix.Stat(file.Value, out known)); }
        file.Close();
        foreach (int missing in (int[])[Errno.ENOSYS, Errno.EPERM])
        {
            using var old = new SystemCallWatch((call, _, _) => call == SystemCall.Resolve ? missing : 0);
            errno = Beneath.Open(_fd.Value, bytes, flags, 0x180, out file);
            Assert.Equal((expected, expected == 0), (errno, file.IsOpen));
            EntryStat stat = default;
            if (errno == 0) { Assert.Equal(0, Posix.Stat(file.Value, out stat)); }
            Assert.Equal(known.Inode, stat.Inode);
            file.Close();
        }

        Assert.False(File.Exists(Path.Combine(_root, "nowhere")));
    }

    [Theory]
    [InlineData("out", Errno.ELOOP)]
    [InlineData("in", Errno.ELOOP)]
    [InlineData("a/b/f", Errno.ENOTDIR)]
    [InlineData("a/b", 0)]
    public void A_directory_is_asked_for_and_a_link_to_one_is_none(string path, int expected)
    {
        int flags = Read | Posix.O_DIRECTORY;
        Assert.Equal(expected, Beneath.Open(_fd.Value, Encoding.ASCII.GetBytes(path), flags, out SafeFd file));
        file.Close();
        using var old = new SystemCallWatch(static (call, _, _) => call == SystemCall.Resolve ? Errno.ENOSYS : 0);
        Assert.Equal(expected, Beneath.Open(_fd.Value, Encoding.ASCII.GetBytes(path), flags, out file));
        file.Close();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_followed_however_names_are_swapped_meanwhile(bool old)
    {
        // A directory and a link to another take each other's place all the time, as a hostile neighbour would have it.
        Directory.CreateDirectory(Path.Combine(_root, "s"));
        File.WriteAllText(Path.Combine(_root, "s", "f"), "inside");
        File.CreateSymbolicLink(Path.Combine(_root, "t"), Path.Combine(_scratch.Path, "outside"));
        bool done = false;
        var swapping = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                Posix.RenameAt(_fd.Value, "s"u8, _fd.Value, "x"u8, 0);
                Posix.RenameAt(_fd.Value, "t"u8, _fd.Value, "s"u8, 0);
                Posix.RenameAt(_fd.Value, "s"u8, _fd.Value, "t"u8, 0);
                Posix.RenameAt(_fd.Value, "x"u8, _fd.Value, "s"u8, 0);
            }
        });
        swapping.Start();
        using var watch = new SystemCallWatch((call, _, _) => old && call == SystemCall.Resolve ? Errno.ENOSYS : 0);
        Span<byte> first = stackalloc byte[1];
        int opened = 0;
        for (int i = 0; i < 50_000 || opened == 0; i++)
        {
            if (Beneath.Open(_fd.Value, "s/f"u8, Read, out SafeFd file) != 0) { continue; }
            opened++;
            Assert.Equal(0, Posix.ReadAt(file.Value, first, 0, out _));
            file.Close();
            Assert.Equal((byte)'i', first[0]);
        }

        Volatile.Write(ref done, true);
        swapping.Join();
    }
}
