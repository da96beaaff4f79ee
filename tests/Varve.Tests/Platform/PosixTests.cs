using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;

namespace Varve.Tests.Platform;

public sealed class PosixTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Stat_says_what_the_stat_command_says()
    {
        string path = Path.Combine(_scratch.Path, "f");
        File.WriteAllText(path, "hello");
        File.SetUnixFileMode(path, UnixFileMode.SetUser | UnixFileMode.UserRead | UnixFileMode.OtherExecute);
        Programs.Run("touch", "-d", "1969-12-31T23:59:58.25Z", path);
        string[] expected = Programs.Run("stat", "-c", "%i %a %u %g %h %s %Hd %Ld %.9Z", path).Split(' ', '\n');
        Assert.Equal(0, Posix.StatAt(_scratch.Fd, "f"u8, out EntryStat stat));
        string[] found =
        [
            $"{stat.Inode}", Convert.ToString(stat.Mode, 8), $"{stat.Uid}", $"{stat.Gid}", $"{stat.Links}", $"{stat.Size}",
            $"{stat.Device >> 32}", $"{(uint)stat.Device}", $"{stat.Ctime.Seconds}.{stat.Ctime.Nanoseconds:d9}",
        ];
        Assert.Equal(expected[..9], found);
        Assert.Equal(EntryKind.File, stat.Kind);
        Assert.Equal(new FileTime(-2, 250_000_000), stat.Mtime);
    }

    [Fact]
    public void Every_kind_is_told_apart_and_only_files_and_symlinks_have_a_size()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "directory"));
        File.CreateSymbolicLink(Path.Combine(_scratch.Path, "symlink"), "12345");
        Programs.Run("mkfifo", Path.Combine(_scratch.Path, "fifo"));
        Programs.Run("python3", "-c", "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])",
            Path.Combine(_scratch.Path, "socket"));
        Assert.Equal((EntryKind.Directory, 0L), KindAndSize("directory"u8));
        Assert.Equal((EntryKind.Symlink, 5L), KindAndSize("symlink"u8));
        Assert.Equal((EntryKind.Fifo, 0L), KindAndSize("fifo"u8));
        Assert.Equal((EntryKind.Socket, 0L), KindAndSize("socket"u8));

        Assert.Equal(0, Posix.StatAt(Posix.AT_FDCWD, "/dev/null"u8, out EntryStat device));
        Assert.Equal((EntryKind.CharDevice, 1u, 3u), (device.Kind, device.RdevMajor, device.RdevMinor));
    }

    [Fact]
    public void Names_that_cannot_be_are_refused_before_the_system_is_asked()
    {
        Assert.Equal(Errno.EINVAL, Posix.OpenAt(_scratch.Fd, "a\0b"u8, 0, out SafeFd none));
        Assert.False(none.IsOpen);
        Assert.Equal(Errno.ENAMETOOLONG, Posix.StatAt(_scratch.Fd, new byte[4096].AsSpan(), out _));
    }

    [Fact]
    public void Holes_and_data_are_found()
    {
        string path = Path.Combine(_scratch.Path, "sparse");
        using (FileStream file = File.Create(path))
        {
            file.Position = 1 << 20;
            file.WriteByte(1);
        }

        Assert.Equal(0, EntryReader.OpenFile(_scratch.Fd, "sparse"u8, out SafeFd fd));
        Assert.Equal(0, Posix.SeekHole(fd.Value, 0, out long hole));
        Assert.Equal(0, hole);
        Assert.Equal(0, Posix.SeekData(fd.Value, 0, out long data));
        Assert.Equal(1 << 20, data);
        Assert.Equal(Errno.ENXIO, Posix.SeekData(fd.Value, 2 << 20, out _));
        fd.Close();
    }

    [Fact]
    public void The_default_descriptor_is_none_and_not_standard_input()
    {
        SafeFd none = default;
        Assert.False(none.IsOpen);
        Assert.Equal(-1, none.Value);
        none.Close();
        Assert.True(new SafeFd(0).IsOpen);
        Assert.False(new SafeFd(-1).IsOpen);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void The_granularity_of_timestamps_is_fine_on_tmpfs_and_coarse_on_what_is_unknown()
    {
        Assert.Equal(0, Posix.OpenAt(Posix.AT_FDCWD, "/proc"u8, Posix.O_RDONLY, out SafeFd proc));
        Assert.Equal(2_000_000_000, FileSystemKind.TimestampGranularityNanoseconds(proc.Value));
        Assert.Equal(2_000_000_000, FileSystemKind.TimestampGranularityNanoseconds(-1));
        proc.Close();
        using var mount = new TinyMount(1);
        Assert.Equal(0, Posix.OpenAt(Posix.AT_FDCWD, System.Text.Encoding.UTF8.GetBytes(mount.Path), Posix.O_RDONLY, out SafeFd tmpfs));
        Assert.Equal(10_000_000, FileSystemKind.TimestampGranularityNanoseconds(tmpfs.Value));
        tmpfs.Close();
    }

    [Fact]
    public void The_descriptor_limit_is_the_shells() => Assert.Equal(
        Programs.Run("bash", "-c", $"prlimit --pid {Environment.ProcessId} --nofile --output SOFT --noheadings").Trim(),
        $"{Posix.DescriptorLimit()}");

    [Fact]
    public void Both_times_are_set_unless_the_access_time_is_to_stay()
    {
        string path = Path.Combine(_scratch.Path, "times"), link = Path.Combine(_scratch.Path, "link");
        File.WriteAllText(path, "");
        File.CreateSymbolicLink(link, "nowhere");
        Assert.Equal(0, Posix.OpenAt(_scratch.Fd, "times"u8, Posix.O_RDONLY, out SafeFd file));
        Assert.Equal(0, Posix.HoldAt(_scratch.Fd, "link"u8, out SafeFd held));
        Assert.Equal(0, Posix.SetTime(file.Value, new FileTime(1_500_000_000, 5)));
        Assert.Equal(0, Posix.SetTimeOfHeld(held.Value, new FileTime(1_500_000_000, 5)));
        Assert.Equal("1500000000 1500000000", Times(path));
        Assert.Equal("1500000000 1500000000", Times(link));
        Assert.Equal(0, Posix.SetTime(file.Value, new FileTime(1_600_000_000, 5), keepsAccess: true));
        Assert.Equal("1500000000 1600000000", Times(path));
        held.Close();
        file.Close();

        static string Times(string path) => Programs.Run("stat", "-c", "%X %Y", path).TrimEnd('\n');
    }

    private (EntryKind Kind, long Size) KindAndSize(ReadOnlySpan<byte> name)
    {
        Assert.Equal(0, Posix.StatAt(_scratch.Fd, name, out EntryStat stat));
        return (stat.Kind, stat.Size);
    }
}
