using System.Runtime.InteropServices;
using System.Text;

namespace Varve.Tests.Kit.Measures;

/// <summary>Counts how often a file was opened since, by anybody (inotify).</summary>
internal sealed class OpenWatch : IDisposable
{
    private const int NonBlocking = 0x800;
    private const uint OnOpen = 0x20;

    private readonly int _fd;

    public OpenWatch(string file)
    {
        _fd = inotify_init1(NonBlocking);
        Assert.True(_fd >= 0 && inotify_add_watch(_fd, Encoding.UTF8.GetBytes(file + "\0"), OnOpen) >= 0, "cannot watch " + file);
    }

    /// <summary>Times it was opened; events of equal kind in a row count once.</summary>
    public int Opened
    {
        get
        {
            byte[] events = new byte[4096];
            long read = Read(_fd, events, events.Length);
            return read <= 0 ? 0 : (int)(read / 16);
        }
    }

    public void Dispose() => _ = close(_fd);

    [DllImport("libc")] private static extern int inotify_init1(int flags);
    [DllImport("libc")] private static extern int inotify_add_watch(int fd, byte[] path, uint mask);
    [DllImport("libc", EntryPoint = "read")] private static extern nint Read(int fd, byte[] buffer, nint count);
    [DllImport("libc")] private static extern int close(int fd);
}
