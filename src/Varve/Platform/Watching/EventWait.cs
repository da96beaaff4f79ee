using System.Runtime.InteropServices;

namespace Varve.Platform.Watching;

/// <summary>
/// Waits until a descriptor is readable, what is mounted anywhere changes, or another thread says so. One thread waits.
/// </summary>
internal sealed unsafe partial class EventWait : IDisposable
{
    private const int EFD_CLOEXEC = 0x80000, EFD_NONBLOCK = 0x800, Read = 1, Priority = 2, Failed = 8;

    private readonly int _wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    private SafeFd _mounts;

    /// <summary>Begins to listen to mounts; whatever changes from now on ends a wait. 0 or an error number.</summary>
    internal int OpenMounts() => Posix.OpenAt(Posix.AT_FDCWD, "/proc/self/mountinfo"u8, Posix.O_RDONLY, out _mounts);

    /// <summary>Waits, for so many milliseconds at most, -1: for ever. Whether mounts have changed since the last call.</summary>
    internal bool Wait(int descriptor, int milliseconds)
    {
        Entry* all = stackalloc Entry[3];
        all[0] = new Entry { Fd = descriptor, Events = Read };
        all[1] = new Entry { Fd = _wake, Events = Read };
        all[2] = new Entry { Fd = _mounts.Value, Events = Priority };
        _ = poll(all, 3, milliseconds); // who was interrupted looks, and comes back
        if ((all[1].Returned & Read) != 0)
        {
            ulong count;
            _ = read(_wake, (byte*)&count, sizeof(ulong));
        }

        return (all[2].Returned & (Priority | Failed)) != 0;
    }

    /// <summary>Ends a wait, or the next one.</summary>
    internal void Wake()
    {
        ulong one = 1;
        _ = write(_wake, (byte*)&one, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mounts.Close();
        _ = close(_wake);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        internal int Fd;
        internal short Events, Returned;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int eventfd(uint value, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int poll(Entry* entries, ulong count, int milliseconds);
    [LibraryImport("libc", SetLastError = true)] private static partial nint read(int fd, byte* buffer, nint count);
    [LibraryImport("libc", SetLastError = true)] private static partial nint write(int fd, byte* buffer, nint count);
    [LibraryImport("libc")] private static partial int close(int fd);
}
