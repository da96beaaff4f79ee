using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Walk;

/// <summary>
/// An open directory, counted by references: it stays open until the last holder releases it, so that files can be read from it while the
/// walk goes on. Whoever keeps it beyond the call that passed it in calls <see cref="AddRef"/>, and <see cref="Release"/> once when done.
/// Thread-safe. There is no finalizer. Each handle that is held is an open descriptor: holders bound how many they keep.
/// </summary>
internal sealed class DirectoryHandle
{
    private readonly SafeFd _file;
    private readonly HandleBudget? _budget;
    private readonly EntryStat _stat;
    private int _references = 1;

    private DirectoryHandle(SafeFd file, in EntryStat stat, ulong mount, HandleBudget? budget)
    {
        _file = file;
        _stat = stat;
        Mount = mount;
        _budget = budget;
        budget?.Opened();
    }

    /// <summary>The descriptor, valid while a reference is held.</summary>
    public int Fd => _file.Value;

    /// <summary>The stat of what was opened, taken at once after opening: it may differ from what the parent's listing said.</summary>
    public ref readonly EntryStat Stat => ref _stat;

    /// <summary>The mount it was reached through; 0 where the kernel does not tell.</summary>
    public ulong Mount { get; }

    /// <summary>
    /// Opens a directory by path, following symlinks: for roots, which the user names. Null with an error number. The caller holds the one
    /// reference.
    /// </summary>
    public static DirectoryHandle? Open(ReadOnlySpan<byte> path, out int errno)
    {
        int flags = Posix.O_RDONLY | Posix.O_DIRECTORY;
        errno = Posix.OpenAt(Posix.AT_FDCWD, path, flags | Posix.O_NOATIME, out SafeFd file);
        if (errno == Errno.EPERM) { errno = Posix.OpenAt(Posix.AT_FDCWD, path, flags, out file); }
        return errno != 0 ? null : Adopt(file, null, out errno);
    }

    /// <summary>
    /// Opens a directory in another. A name that is no directory now, or a symlink, gives ENOTDIR. Null with an error number. The caller
    /// holds the one reference.
    /// </summary>
    public static DirectoryHandle? OpenChild(DirectoryHandle parent, ReadOnlySpan<byte> name, HandleBudget? budget, out int errno)
    {
        ArgumentNullException.ThrowIfNull(parent);
        errno = EntryReader.OpenDirectory(parent.Fd, name, out SafeFd file);
        return errno != 0 ? null : Adopt(file, budget, out errno);
    }

    /// <summary>One holder more. Only for a caller that knows of a reference that is held.</summary>
    public void AddRef()
    {
        int references = Volatile.Read(ref _references);
        while (true)
        {
            ObjectDisposedException.ThrowIf(references == 0, this);
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references) { return; }
            references = seen;
        }
    }

    /// <summary>One holder less; the last one closes.</summary>
    public void Release()
    {
        int left = Interlocked.Decrement(ref _references);
        ObjectDisposedException.ThrowIf(left < 0, this);
        if (left > 0) { return; }
        _file.Close();
        _budget?.Closed();
    }

    private static DirectoryHandle? Adopt(SafeFd file, HandleBudget? budget, out int errno)
    {
        errno = Posix.Stat(file.Value, out EntryStat stat, out ulong mount);
        if (errno == 0) { return new DirectoryHandle(file, stat, mount, budget); }
        file.Close();
        return null;
    }
}
