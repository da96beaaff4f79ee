using System.Text;
using Varve.Platform;

namespace Varve.Tests.Kit;

/// <summary>A directory of a test's own, in memory where there is such a file system; removed with all below it, however deep.</summary>
public sealed class ScratchDirectory : IDisposable
{
    public ScratchDirectory()
    {
        Path = System.IO.Path.Combine(Parent, "varve-test-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path);
        Assert.Equal(0, Posix.OpenAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(Path), Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd file));
        Fd = file.Value;
    }

    /// <summary>Where scratch directories lie: in memory where there is such a file system.</summary>
    public static string Parent { get; } = Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath();

    public string Path { get; }

    public int Fd { get; }

    public byte[] PathBytes => Encoding.UTF8.GetBytes(Path);

    /// <summary>Makes an empty file whose name is bytes.</summary>
    public void Touch(ReadOnlySpan<byte> name, int directory = -1)
    {
        int errno = Posix.OpenAt(directory < 0 ? Fd : directory, name, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL, 0x1a4,
            out SafeFd file);
        Assert.True(errno == 0, Errno.Message(errno));
        file.Close();
    }

    public void Dispose()
    {
        _ = Posix.Close(Fd);
        Programs.Run("rm", "-rf", Path);
    }
}
