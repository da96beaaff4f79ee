using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Platform;

public sealed class EntryReaderTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void No_xattrs_are_one_shared_empty_array()
    {
        _scratch.Touch("plain"u8);
        Assert.Equal(0, EntryReader.OpenFile(_scratch.Fd, "plain"u8, out SafeFd file));
        Assert.Equal(0, EntryReader.ReadXattrs(file.Value, out Xattr[] first, out _));
        Assert.Equal(0, EntryReader.ReadXattrsAt(_scratch.Fd, "plain"u8, out Xattr[] second, out _));
        file.Close();
        Assert.Empty(first);
        Assert.Same(first, second);
    }

    [Fact]
    public void Xattrs_come_sorted_and_whole_by_descriptor_and_by_name()
    {
        _scratch.Touch("f"u8);
        string path = Path.Combine(_scratch.Path, "f");
        Set(path, "user.zebra", "1");
        Set(path, "user.apple", new string('x', 1000));
        Set(path, "user.empty", "");
        string[] expected = ["user.apple", "user.empty", "user.zebra"];

        Assert.Equal(0, EntryReader.OpenFile(_scratch.Fd, "f"u8, out SafeFd file));
        Assert.Equal(0, EntryReader.ReadXattrs(file.Value, out Xattr[] byDescriptor, out _));
        file.Close();
        Assert.Equal(0, EntryReader.ReadXattrsAt(_scratch.Fd, "f"u8, out Xattr[] byName, out _));
        foreach (Xattr[] xattrs in new[] { byDescriptor, byName })
        {
            Assert.Equal(expected, xattrs.Select(x => Encoding.UTF8.GetString(x.Name)));
            Assert.Equal(1000, xattrs[0].Value.Length);
            Assert.Empty(xattrs[1].Value);
        }
    }

    [Fact]
    public void A_name_list_longer_than_the_first_buffer_is_read_whole()
    {
        _scratch.Touch("f"u8);
        const string Script = "import os,sys\nfor i in range(60): os.setxattr(sys.argv[1], 'user.a-rather-long-name-%04d' % i, b'v')";
        Programs.Run("python3", "-c", Script, Path.Combine(_scratch.Path, "f"));
        Assert.Equal(0, EntryReader.ReadXattrsAt(_scratch.Fd, "f"u8, out Xattr[] xattrs, out _));
        Assert.Equal(60, xattrs.Length);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_symlinks_xattrs_are_its_own()
    {
        Assert.SkipUnless(AsUser.IsRoot, "needs root");
        _scratch.Touch("target"u8);
        Set(Path.Combine(_scratch.Path, "target"), "user.of", "target");
        File.CreateSymbolicLink(Path.Combine(_scratch.Path, "link"), "target");
        Set(Path.Combine(_scratch.Path, "link"), "trusted.of", "link");
        Assert.Equal(0, EntryReader.ReadXattrsAt(_scratch.Fd, "link"u8, out Xattr[] xattrs, out _));
        Assert.Equal("trusted.of", Encoding.UTF8.GetString(Assert.Single(xattrs).Name));
    }

    [Fact]
    public void A_name_that_is_gone_is_ENOENT() =>
        Assert.Equal(Errno.ENOENT, EntryReader.ReadXattrsAt(_scratch.Fd, "gone"u8, out _, out _));

    [Fact]
    public void Opening_a_file_neither_follows_a_symlink_nor_waits_for_a_fifo()
    {
        _scratch.Touch("target"u8);
        File.CreateSymbolicLink(Path.Combine(_scratch.Path, "link"), "target");
        Programs.Run("mkfifo", Path.Combine(_scratch.Path, "fifo"));
        Assert.Equal(Errno.ELOOP, EntryReader.OpenFile(_scratch.Fd, "link"u8, out _));
        Assert.Equal(0, EntryReader.OpenFile(_scratch.Fd, "fifo"u8, out SafeFd fifo));
        Assert.Equal(0, Posix.Stat(fifo.Value, out EntryStat stat));
        fifo.Close();
        Assert.Equal(EntryKind.Fifo, stat.Kind);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_stranger_can_open_what_he_may_read_although_O_NOATIME_is_refused()
    {
        _scratch.Touch("f"u8);
        File.SetUnixFileMode(_scratch.Path, (UnixFileMode)0b111_101_101);
        AsUser.Run(() =>
        {
            Assert.Equal(0, EntryReader.OpenFile(_scratch.Fd, "f"u8, out SafeFd file));
            file.Close();
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    public void A_symlinks_target_is_read_whole(int length)
    {
        string target = new('t', length);
        File.CreateSymbolicLink(Path.Combine(_scratch.Path, "link"), target);
        Assert.Equal(0, EntryReader.ReadLink(_scratch.Fd, "link"u8, out byte[]? bytes));
        Assert.Equal(target, Encoding.UTF8.GetString(bytes!));
    }

    [Fact]
    public void A_target_of_what_is_no_symlink_is_EINVAL()
    {
        _scratch.Touch("f"u8);
        Assert.Equal(Errno.EINVAL, EntryReader.ReadLink(_scratch.Fd, "f"u8, out byte[]? bytes));
        Assert.Null(bytes);
    }

    private static void Set(string path, string name, string value) =>
        Programs.Run("python3", "-c", "import os,sys; os.setxattr(sys.argv[1], sys.argv[2], sys.argv[3].encode(), follow_symlinks=False)",
        path, name, value);
}
