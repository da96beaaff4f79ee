using System.Text;
using Microsoft.Win32.SafeHandles;
using Varve.Model;

namespace Varve.Platform.Files;

/// <summary>
/// A directory for its owner alone, and the only way to have one: made with mode 0700 whatever the umask, or opened without following a
/// symlink in its last component, and refused unless it belongs to the user of this process, nobody else may write to it, and nobody else
/// can put another in its place. Then it is used and emptied through its descriptor: whoever swaps a name above it for something else
/// changes nothing. Thread-safe until disposed.
/// </summary>
/// <remarks>
/// <see cref="Path"/> is for what can only be opened by path (SQLite, mount points): nobody but root and the user of this process can put
/// something else in its place, since it is refused where a directory above it lets others (<see cref="TrustedPath"/>).
/// </remarks>
internal sealed class PrivateDirectory : IDisposable
{
    private SafeFd _directory;

    private PrivateDirectory(string path, SafeFd directory)
    {
        Path = path;
        _directory = directory;
    }

    /// <summary>Where it was opened.</summary>
    internal string Path { get; }

    /// <summary>Its descriptor, for openat and its kin.</summary>
    internal int Fd => _directory.Value;

    /// <summary>Opens it, and makes it with those above it if it is missing. Null with the reason.</summary>
    internal static PrivateDirectory? TryOpen(string path, out string reason)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (TrustedPath.Problem(full) is { } above)
        {
            reason = above;
            return null;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(full);
        int errno = Posix.MakeDirectoryAt(Posix.AT_FDCWD, bytes, Modes.PrivateDirectory);
        if (errno == Errno.ENOENT)
        {
            MakeParents(bytes);
            errno = Posix.MakeDirectoryAt(Posix.AT_FDCWD, bytes, Modes.PrivateDirectory);
        }

        // What cannot be made may be there.
        bool made = errno == 0;
        SafeFd directory = Open(Posix.AT_FDCWD, bytes, made, out string? problem);
        reason = problem is null ? "" : errno is 0 or Errno.EEXIST ? problem : Errno.Message(errno);
        return problem is null ? new PrivateDirectory(full, directory) : null;
    }

    /// <summary>Opens it, and makes it with those above it if it is missing.</summary>
    /// <exception cref="VarveException">Storage, about <paramref name="subject"/>: it cannot be made or opened, or is not for this user
    /// alone.</exception>
    internal static PrivateDirectory Open(string path, Subject subject, Advice advice = Advice.None) =>
        TryOpen(path, out string reason) ?? throw Unusable(subject, reason, advice);

    /// <summary>Makes one that is missing, in a directory that is there: 0 or an error number.</summary>
    internal static int Make(ReadOnlySpan<byte> path)
    {
        int errno = Posix.MakeDirectoryAt(Posix.AT_FDCWD, path, Modes.PrivateDirectory);
        if (errno == 0) { Open(Posix.AT_FDCWD, path, made: true, out _).Close(); } // gives it the mode that the umask may have taken
        return errno;
    }

    /// <summary>Opens it if it is there; null if it is not, or must not be used.</summary>
    internal static PrivateDirectory? OpenExisting(string path)
    {
        if (TrustedPath.Problem(System.IO.Path.GetFullPath(path)) is not null) { return null; }
        SafeFd directory = Open(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), false, out string? problem);
        return problem is null ? new PrivateDirectory(path, directory) : null;
    }

    /// <summary>Opens a directory in it, and makes it if it is missing.</summary>
    /// <exception cref="VarveException">Storage, about the cache: it cannot be made or opened, or is not for this user alone.</exception>
    internal PrivateDirectory OpenChild(string name, Advice advice)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        int errno = Posix.MakeDirectoryAt(Fd, bytes, Modes.PrivateDirectory);
        string path = System.IO.Path.Combine(Path, name);
        SafeFd directory = Open(Fd, bytes, made: errno == 0, out string? problem);
        return problem is null ? new PrivateDirectory(path, directory)
            : throw Unusable(Subject.Cache(path), errno is 0 or Errno.EEXIST ? problem : Errno.Message(errno), advice);
    }

    /// <summary>Makes a directory of that name in it, which must not exist: 0 or an error number.</summary>
    internal int MakeChild(ReadOnlySpan<byte> name, out PrivateDirectory? child)
    {
        child = null;
        int errno = Posix.MakeDirectoryAt(Fd, name, Modes.PrivateDirectory);
        if (errno != 0) { return errno; }
        SafeFd directory = Open(Fd, name, made: true, out string? problem);
        if (problem is null) { child = new PrivateDirectory(System.IO.Path.Combine(Path, Encoding.UTF8.GetString(name)), directory); }
        return problem is null ? 0 : Errno.EACCES;
    }

    /// <summary>Makes a file in it, for its owner alone, which must not exist.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal FileStream Create(string name) => Stream(name, Posix.O_CREAT | Posix.O_EXCL);

    /// <summary>
    /// Puts a file in it in the place of another, or of none: whoever is killed, and whoever looks, finds the one or the other.
    /// <paramref name="write"/> makes it durable if it has to be.
    /// </summary>
    /// <exception cref="IOException">It cannot be made; nothing of it is left.</exception>
    internal void Replace(string name, Action<FileStream> write)
    {
        string temporary = $"{name}.{Guid.NewGuid():N}";
        try
        {
            using (FileStream file = Create(temporary)) { write(file); }
            int errno = Rename(temporary, name);
            if (errno != 0) { throw new IOException(Errno.Message(errno)); }
        }
        catch
        {
            _ = Remove(temporary);
            throw;
        }
    }

    /// <summary>Opens a file in it for writing, from its beginning.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    internal FileStream OpenToWrite(string name) => Stream(name, 0);

    /// <summary>The names in it, read when this is called: 0 or an error number.</summary>
    internal int List(out List<string> names)
    {
        int errno = List(Fd, out List<byte[]> bytes);
        names = bytes.ConvertAll(Encoding.UTF8.GetString);
        return errno;
    }

    /// <summary>The stat of a name in it.</summary>
    internal int Stat(string name, out EntryStat stat) => Posix.StatAt(Fd, Encoding.UTF8.GetBytes(name), out stat);

    /// <summary>Gives a file in it another name, and replaces what had that.</summary>
    internal int Rename(string from, string to) => Posix.RenameAt(Fd, Encoding.UTF8.GetBytes(from), Fd, Encoding.UTF8.GetBytes(to), 0);

    /// <summary>Removes a file in it.</summary>
    internal int Remove(string name) => Posix.UnlinkAt(Fd, Encoding.UTF8.GetBytes(name));

    /// <summary>
    /// Removes a directory in it with all that is below it, through its descriptor: 0 or the first error number. No symlink is followed.
    /// </summary>
    internal int RemoveTree(ReadOnlySpan<byte> name)
    {
        int errno = Posix.OpenAt(Fd, name, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, out SafeFd directory);
        if (errno != 0) { return errno; }
        errno = Empty(directory.Value);
        directory.Close();
        int removed = Posix.UnlinkAt(Fd, name, Posix.AT_REMOVEDIR);
        return errno != 0 ? errno : removed;
    }

    /// <summary>Removes all that is in it, through its descriptor: 0 or the first error number. No symlink is followed.</summary>
    internal int Empty() => Empty(Fd);

    /// <inheritdoc/>
    public void Dispose()
    {
        _directory.Close();
        _directory = default;
    }

    private FileStream Stream(string name, int flags)
    {
        int errno = Posix.OpenAt(Fd, Encoding.UTF8.GetBytes(name), Posix.O_WRONLY | Posix.O_NOFOLLOW | flags, Modes.PrivateFile,
            out SafeFd file);
        return errno == 0 ? new FileStream(new SafeFileHandle(file.Value, ownsHandle: true), FileAccess.Write)
            : throw new IOException(Errno.Message(errno));
    }

    private static VarveException Unusable(Subject subject, string reason, Advice advice) =>
        new(ErrorKind.Storage, subject, $"cannot be used: {reason}", advice);

    private static int List(int fd, out List<byte[]> names)
    {
        names = [];
        var reader = new DirectoryReader();
        int errno = reader.Begin(fd);
        while (errno == 0 && reader.Next(out ReadOnlySpan<byte> name, out _, out _, out errno)) { names.Add(name.ToArray()); }
        return errno;
    }

    private static int Empty(int directory)
    {
        int first = List(directory, out List<byte[]> names);
        foreach (byte[] name in names)
        {
            int errno = Posix.UnlinkAt(directory, name);
            if (errno == Errno.EISDIR)
            {
                errno = Posix.OpenAt(directory, name, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, out SafeFd below);
                if (errno == 0) { errno = Empty(below.Value); }
                below.Close();
                if (errno == 0) { errno = Posix.UnlinkAt(directory, name, Posix.AT_REMOVEDIR); }
            }

            if (first == 0 && errno != Errno.ENOENT) { first = errno; }
        }

        return first;
    }

    private static void MakeParents(ReadOnlySpan<byte> path)
    {
        for (int i = 1; i < path.Length; i++)
        {
            if (path[i] == (byte)'/') { Make(path[..i]); }
        }
    }

    /// <summary>Opens what is at a name and looks whether it is private; what is not is closed again, with the problem.</summary>
    private static SafeFd Open(int at, ReadOnlySpan<byte> name, bool made, out string? problem)
    {
        int errno = Posix.OpenAt(at, name, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, out SafeFd directory);
        if (errno == Errno.EACCES && made && Posix.SetModeAt(at, name, Modes.PrivateDirectory) == 0)
        {
            // A umask that takes even reading from the owner.
            errno = Posix.OpenAt(at, name, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, out directory);
        }

        if (errno == 0 && made) { errno = Posix.SetMode(directory.Value, Modes.PrivateDirectory); } // the umask may have taken from it
        EntryStat stat = default;
        if (errno == 0) { errno = Posix.Stat(directory.Value, out stat); }
        if (errno == 0) { problem = Problem(directory.Value, in stat); }
        else { problem = IsSymlink(at, name) ? "it is a symbolic link, and must be a directory itself" : Errno.Message(errno); }
        if (problem is null) { return directory; }
        directory.Close();
        return default;
    }

    private static string? Problem(int directory, in EntryStat stat)
    {
        uint user = Posix.EffectiveUser();
        if (stat.Uid != user) { return $"it belongs to {UserText.Of(stat.Uid)}, not to {UserText.Of(user)}, who runs this"; }
        return (stat.Mode & Modes.WritableByOthers) == 0 || HiddenDirectory.Is(directory, user) ? null
            : "others than its owner may write to it";
    }

    private static bool IsSymlink(int at, ReadOnlySpan<byte> name) =>
        Posix.StatAt(at, name, out EntryStat stat) == 0 && stat.Kind == EntryKind.Symlink;
}
