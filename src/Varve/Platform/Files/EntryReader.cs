using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Varve.Model;

namespace Varve.Platform.Files;

/// <summary>
/// What the backup reads of an entry besides its content and stat. Every method returns 0 or an error number and never throws for what the
/// file system says. Thread-safe.
/// </summary>
[SkipLocalsInit]
internal static class EntryReader
{
    private const int LargestValue = 65536; // XATTR_SIZE_MAX and XATTR_LIST_MAX: the kernel allows no more
    private static readonly Comparison<Xattr> s_byName = (x, y) => x.Name.AsSpan().SequenceCompareTo(y.Name);

    /// <summary>
    /// Opens a regular file for reading: symlinks are not followed, a fifo does not block, a lease of another process is waited for, within
    /// bounds (<see cref="Patience"/>), the access time is left alone where the system allows it. What was opened may be of another kind
    /// than expected: stat the descriptor.
    /// </summary>
    public static int OpenFile(int directory, ReadOnlySpan<byte> name, out SafeFd file)
    {
        Patience patience = default;
        int errno;
        do { errno = TryOpenFile(directory, name, out file); } while (patience.Again(errno));
        return errno;
    }

    /// <summary>The same without waiting for a lease.</summary>
    public static int TryOpenFile(int directory, ReadOnlySpan<byte> name, out SafeFd file) =>
        Open(directory, name, Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK | Posix.O_NOCTTY, out file);

    /// <summary>
    /// Opens a directory without following a symlink (ENOTDIR then) and without touching its access time where the system allows it.
    /// </summary>
    public static int OpenDirectory(int directory, ReadOnlySpan<byte> name, out SafeFd file) =>
        Open(directory, name, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, out file);

    /// <summary>The target of a symlink, whole. Null with an error number.</summary>
    public static int ReadLink(int directory, ReadOnlySpan<byte> name, out byte[]? target)
    {
        // One byte more than the longest target, so that a full buffer cannot be a cut one.
        Span<byte> buffer = stackalloc byte[4097];
        int errno = Posix.ReadLinkAt(directory, name, buffer, out int length);
        target = errno != 0 || length > 4096 ? null : buffer[..length].ToArray();
        return errno != 0 ? errno : target is null ? Errno.ENAMETOOLONG : 0;
    }

    /// <summary>The absolute path without symlinks, as the kernel tells it of an open file; an error number or 0.</summary>
    public static int ReadRealPath(int fd, out byte[]? path) =>
        ReadLink(Posix.AT_FDCWD, Encoding.ASCII.GetBytes($"/proc/self/fd/{fd}"), out path);

    /// <summary>
    /// The extended attributes of an open file or directory, ascending by name; one shared empty array when there are none. A name that is
    /// listed but has no value to give (ENODATA, ENOTSUP, EPERM) is left out; any other error is returned, and told of in
    /// <paramref name="unread"/>, together with the attributes that could be read.
    /// </summary>
    public static int ReadXattrs(int fd, out Xattr[] xattrs, out UnreadXattrs unread) => Read(fd, default, out xattrs, out unread);

    /// <summary>
    /// The same for a name in a directory, without opening or following it: for symlinks, fifos, sockets and devices. Needs /proc; ENOSYS
    /// without.
    /// </summary>
    public static int ReadXattrsAt(int directory, ReadOnlySpan<byte> name, out Xattr[] xattrs, out UnreadXattrs unread)
    {
        int errno = Read(directory, name, out xattrs, out unread);
        if (errno != Errno.ENOENT || Posix.StatAt(Posix.AT_FDCWD, "/proc/self/fd"u8, out _) == 0) { return errno; }
        unread = unread with { Errno = Errno.ENOSYS };
        return Errno.ENOSYS;
    }

    private static int Open(int directory, ReadOnlySpan<byte> name, int flags, out SafeFd file)
    {
        int errno = Posix.OpenAt(directory, name, flags | Posix.O_NOATIME, out file);
        // Only the owner and root may leave access times alone.
        return errno == Errno.EPERM ? Posix.OpenAt(directory, name, flags, out file) : errno;
    }

    private static int Read(int fd, ReadOnlySpan<byte> entry, out Xattr[] xattrs, out UnreadXattrs unread)
    {
        (xattrs, unread) = ([], default);
        Span<byte> small = stackalloc byte[512];
        int errno = List(fd, entry, small, out int length);
        if (errno == 0) { return length == 0 ? 0 : Values(fd, entry, small[..length], out xattrs, out unread); }
        if (errno != Errno.ERANGE)
        {
            if (errno is Errno.ENOTSUP or Errno.ENODATA) { return 0; }
            unread = new UnreadXattrs(errno, null, 0);
            return errno;
        }

        byte[] large = ArrayPool<byte>.Shared.Rent(LargestValue);
        try
        {
            errno = List(fd, entry, large.AsSpan(0, LargestValue), out length);
            if (errno == 0) { return Values(fd, entry, large.AsSpan(0, length), out xattrs, out unread); }
            unread = new UnreadXattrs(errno, null, 0);
            return errno;
        }
        finally { ArrayPool<byte>.Shared.Return(large); }
    }

    private static int Values(int fd, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> names, out Xattr[] xattrs, out UnreadXattrs unread)
    {
        var found = new List<Xattr>();
        unread = default;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(LargestValue);
        Span<byte> value = buffer.AsSpan(0, LargestValue);
        for (int at = 0, end; at < names.Length && (end = names[at..].IndexOf((byte)0)) >= 0; at += end + 1)
        {
            if (end == 0) { continue; }
            ReadOnlySpan<byte> name = names.Slice(at, end);
            int errno = entry.IsEmpty ? Posix.GetXattr(fd, name, value, out int length)
                : Posix.GetXattrAt(fd, entry, name, value, out length);
            if (errno == 0) { found.Add(new Xattr(name.ToArray(), value[..length].ToArray())); }
            else if (errno is not (Errno.ENODATA or Errno.ENOTSUP or Errno.EPERM))
            {
                unread = unread.Count == 0 ? new UnreadXattrs(errno, name.ToArray(), 1) : unread with { Count = unread.Count + 1 };
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        found.Sort(s_byName);
        xattrs = [.. found];
        return unread.Errno;
    }

    private static int List(int fd, ReadOnlySpan<byte> entry, Span<byte> list, out int length) =>
        entry.IsEmpty ? Posix.ListXattrs(fd, list, out length) : Posix.ListXattrsAt(fd, entry, list, out length);
}
