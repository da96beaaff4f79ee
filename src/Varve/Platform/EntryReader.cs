using System.Buffers;
using System.Runtime.CompilerServices;
using Varve.Model;

namespace Varve.Platform;

/// <summary>
/// What the backup reads of an entry besides its content and stat. Every method returns 0 or an error number and never throws for what the
/// file system says. Thread-safe.
/// </summary>
[SkipLocalsInit]
public static unsafe class EntryReader
{
    private const int LargestValue = 65536; // XATTR_SIZE_MAX and XATTR_LIST_MAX: the kernel allows no more
    private static readonly Comparison<Xattr> s_byName = (x, y) => x.Name.AsSpan().SequenceCompareTo(y.Name);

    /// <summary>
    /// Opens a regular file for reading: symlinks are not followed, a fifo does not block, the access time is left alone where the system allows it.
    /// What was opened may be of another kind than expected: stat the descriptor.
    /// </summary>
    public static int OpenFile(int directory, ReadOnlySpan<byte> name, out SafeFd file)
    {
        int flags = Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK | Posix.O_NOCTTY | Posix.O_CLOEXEC;
        return Open(directory, name, flags, out file);
    }

    /// <summary>Opens a directory without following a symlink (ENOTDIR then) and without touching its access time where the system allows it.</summary>
    public static int OpenDirectory(int directory, ReadOnlySpan<byte> name, out SafeFd file) =>
        Open(directory, name, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW | Posix.O_CLOEXEC, out file);

    /// <summary>The target of a symlink, whole. Null with an error number.</summary>
    public static int ReadLink(int directory, ReadOnlySpan<byte> name, out byte[]? target)
    {
        // One byte more than the longest target, so that a full buffer cannot be a cut one.
        Span<byte> buffer = stackalloc byte[4097];
        int length = Posix.ReadLinkAt(directory, name, buffer);
        target = length is < 0 or > 4096 ? null : buffer[..length].ToArray();
        return length < 0 ? Posix.LastError : target is null ? Errno.ENAMETOOLONG : 0;
    }

    /// <summary>
    /// The extended attributes of an open file or directory, ascending by name; one shared empty array when there are none. A name that is
    /// listed but has no value to give (ENODATA, ENOTSUP, EPERM) is left out; any other error is returned together with the attributes that could be read.
    /// </summary>
    public static int ReadXattrs(int fd, out Xattr[] xattrs) => Read(fd, null, out xattrs);

    /// <summary>The same for a name in a directory, without opening or following it: for symlinks, fifos, sockets and devices. Needs /proc; ENOSYS without.</summary>
    public static int ReadXattrsAt(int directory, ReadOnlySpan<byte> name, out Xattr[] xattrs)
    {
        xattrs = [];
        if (name.Length > 4000) { return Errno.ENAMETOOLONG; }
        Span<byte> path = stackalloc byte[4096];
        ReadOnlySpan<byte> prefix = "/proc/self/fd/"u8;
        prefix.CopyTo(path);
        directory.TryFormat(path[prefix.Length..], out int digits);
        int at = prefix.Length + digits;
        int parent = at;
        path[at++] = (byte)'/';
        name.CopyTo(path[at..]);
        path[at + name.Length] = 0;
        int errno;
        fixed (byte* p = path) { errno = Read(-1, p, out xattrs); }
        bool blind = errno == Errno.ENOENT && Posix.StatAt(Posix.AT_FDCWD, path[..parent], out _) < 0;
        return blind ? Errno.ENOSYS : errno;
    }

    private static int Open(int directory, ReadOnlySpan<byte> name, int flags, out SafeFd file)
    {
        int fd = Posix.OpenAt(directory, name, flags | Posix.O_NOATIME);
        // Only the owner and root may leave access times alone.
        if (fd < 0 && Posix.LastError == Errno.EPERM) { fd = Posix.OpenAt(directory, name, flags); }
        file = new SafeFd(fd);
        return fd < 0 ? Posix.LastError : 0;
    }

    private static int Read(int fd, byte* path, out Xattr[] xattrs)
    {
        xattrs = [];
        byte* small = stackalloc byte[512];
        long length = Posix.ListXattrs(fd, path, small, 512);
        if (length > 0) { return Values(fd, path, new ReadOnlySpan<byte>(small, (int)length), out xattrs); }
        int errno = length == 0 ? 0 : Posix.LastError;
        if (errno != Errno.ERANGE) { return errno is Errno.ENOTSUP or Errno.ENODATA ? 0 : errno; }

        byte[] large = ArrayPool<byte>.Shared.Rent(LargestValue);
        try
        {
            fixed (byte* p = large) { length = Posix.ListXattrs(fd, path, p, LargestValue); }
            return length < 0 ? Posix.LastError : Values(fd, path, large.AsSpan(0, (int)length), out xattrs);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(large);
        }
    }

    private static int Values(int fd, byte* path, ReadOnlySpan<byte> names, out Xattr[] xattrs)
    {
        var found = new List<Xattr>();
        int first = 0;
        byte[] value = ArrayPool<byte>.Shared.Rent(LargestValue);
        fixed (byte* list = names, buffer = value)
        {
            for (int at = 0, end; at < names.Length && (end = names[at..].IndexOf((byte)0)) >= 0; at += end + 1)
            {
                if (end == 0) { continue; }
                long length = Posix.GetXattr(fd, path, list + at, buffer, LargestValue);
                if (length >= 0) { found.Add(new Xattr(names.Slice(at, end).ToArray(), value.AsSpan(0, (int)length).ToArray())); }
                else if (first == 0 && Posix.LastError is not (Errno.ENODATA or Errno.ENOTSUP or Errno.EPERM)) { first = Posix.LastError; }
            }
        }

        ArrayPool<byte>.Shared.Return(value);
        found.Sort(s_byName);
        xattrs = [.. found];
        return first;
    }
}
