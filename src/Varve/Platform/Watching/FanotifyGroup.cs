using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Varve.Platform.Watching;

/// <summary>
/// Events of whole file systems (fanotify): of whatever process, through whatever mount or name. It takes CAP_SYS_ADMIN. What happens
/// while nobody has such a group open is never told. One thread reads; others may close it.
/// </summary>
internal sealed unsafe partial class FanotifyGroup : IDisposable
{
    private const uint FAN_CLOEXEC = 1, FAN_NONBLOCK = 2, FAN_UNLIMITED_QUEUE = 0x10, FAN_REPORT_FID = 0x200, FAN_REPORT_DIR_FID = 0x400,
        FAN_REPORT_NAME = 0x800, FAN_REPORT_TARGET_FID = 0x1000;

    private const uint FAN_MARK_ADD = 1, FAN_MARK_FILESYSTEM = 0x100;
    private const int Head = 24, InfoHead = 4, FileSystemId = 8, BufferSize = 64 << 10;
    private const byte InfoFid = 1, InfoDirectoryName = 2, InfoDirectory = 3;

    private readonly byte[] _buffer = new byte[BufferSize];

    private FanotifyGroup(int descriptor) => Descriptor = descriptor;

    /// <summary>The descriptor: readable when there is an event.</summary>
    internal int Descriptor { get; private set; }

    /// <summary>
    /// Opens one; 0 or an error number: EPERM without the right, EINVAL from a kernel before 5.17. <paramref name="isUnlimited"/>: the
    /// queue holds whatever comes; else 16,384 events, as the system says.
    /// </summary>
    internal static int Open(bool isUnlimited, out FanotifyGroup? group)
    {
        uint flags = FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_FID | FAN_REPORT_DIR_FID | FAN_REPORT_NAME | FAN_REPORT_TARGET_FID;
        int descriptor = fanotify_init(flags | (isUnlimited ? FAN_UNLIMITED_QUEUE : 0), 0);
        group = descriptor < 0 ? null : new FanotifyGroup(descriptor);
        return descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>
    /// Asks for events of the file system that a path lies on; 0 or an error number: EXDEV of a btrfs subvolume, EOPNOTSUPP or ENODEV where
    /// files have no handles.
    /// </summary>
    internal int Mark(ReadOnlySpan<byte> path, FileEvents events)
    {
        byte[] terminated = [.. path, 0];
        fixed (byte* p = terminated)
        {
            return fanotify_mark(Descriptor, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, (ulong)events, Posix.AT_FDCWD, p) == 0
                ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Hands out all events that wait; 0 when there are no more, or an error number: then events may be lost.</summary>
    internal int ReadAll(IEventSink sink)
    {
        while (true)
        {
            nint length;
            fixed (byte* p = _buffer) { length = read(Descriptor, p, BufferSize); }
            if (length == 0) { return 0; }
            if (length < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR) { continue; }
                return errno == Errno.EAGAIN ? 0 : errno;
            }

            if (!Parse(_buffer.AsSpan(0, (int)length), sink)) { return Errno.EINVAL; }
        }
    }

    /// <summary>Takes what was read apart; false if it makes no sense.</summary>
    internal static bool Parse(ReadOnlySpan<byte> events, IEventSink sink)
    {
        while (events.Length > 0)
        {
            if (events.Length < Head) { return false; }
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(events);
            int head = BinaryPrimitives.ReadUInt16LittleEndian(events[6..]);
            if (length > events.Length || head < Head || head > length) { return false; }
            var what = (FileEvents)BinaryPrimitives.ReadUInt64LittleEndian(events[8..]);
            ReadOnlySpan<byte> infos = events[head..(int)length], directory = [], target = [];
            while (infos.Length > 0)
            {
                if (infos.Length < InfoHead) { return false; }
                int size = BinaryPrimitives.ReadUInt16LittleEndian(infos[2..]);
                if (size < InfoHead || size > infos.Length) { return false; }
                ReadOnlySpan<byte> info = infos[InfoHead..size];
                switch (infos[0])
                {
                    case InfoFid:
                        if (!TryHandle(info, out target)) { return false; }
                        break;
                    case InfoDirectoryName or InfoDirectory:
                        if (!TryHandle(info, out directory)) { return false; }
                        break;
                    default:
                        break; // of errors, which have no handle that is asked for
                }

                infos = infos[size..];
            }

            sink.Happened(what, directory, target);
            events = events[(int)length..];
        }

        return true;
    }

    private static bool TryHandle(ReadOnlySpan<byte> info, out ReadOnlySpan<byte> handle)
    {
        handle = [];
        if (info.Length < FileSystemId + FileHandles.Head) { return false; }
        info = info[FileSystemId..];
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(info);
        if (bytes > info.Length - FileHandles.Head) { return false; }
        if (bytes > 0) { handle = info[..(FileHandles.Head + (int)bytes)]; }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Descriptor < 0) { return; }
        _ = close(Descriptor);
        Descriptor = -1;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int fanotify_init(uint flags, uint eventFlags);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int fanotify_mark(int fd, uint flags, ulong mask, int directory, byte* path);
    [LibraryImport("libc", SetLastError = true)] private static partial nint read(int fd, byte* buffer, nint count);
    [LibraryImport("libc")] private static partial int close(int fd);
}
