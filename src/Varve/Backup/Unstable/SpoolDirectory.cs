using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Unstable;

/// <summary>
/// A run's own directory below the spool directory, for the owner alone. It is locked for as long as the run lives, by the kernel, so that a later run, of any repository, can
/// tell what a killed one left behind and removes it.
/// </summary>
internal sealed class SpoolDirectory : IDisposable
{
    private const string Prefix = "varve-spool-";

    private readonly string _path;
    private readonly SafeFd _directory;
    private long _files;

    private SpoolDirectory(string path, SafeFd directory)
    {
        _path = path;
        _directory = directory;
    }

    /// <summary>Null, with the system's reason, if it cannot be made.</summary>
    internal static SpoolDirectory? Create(string parent, out string? reason)
    {
        reason = Prepare(parent);
        while (reason is null)
        {
            string path = Path.Combine(parent, Prefix + RandomNumberGenerator.GetHexString(16, lowercase: true));
            byte[] bytes = Encoding.UTF8.GetBytes(path);
            reason = Posix.MakeDirectoryAt(Posix.AT_FDCWD, bytes, 0x1c0) < 0 ? Errno.Message(Posix.LastError) : null;
            if (reason is not null) { break; }
            SafeFd directory = Open(bytes);
            reason = directory.IsOpen ? null : Errno.Message(Posix.LastError);
            if (reason is not null) { break; }

            // Another run may have taken it for a leftover before it was locked; then it has no name any more, and a new one is due.
            // Where the file system knows no locks, nobody removes anything.
            if (Posix.Lock(directory.Value, Posix.LOCK_EX) < 0 || Posix.Stat(directory.Value, out EntryStat stat) < 0 || stat.Links > 0)
            {
                return new SpoolDirectory(path, directory);
            }

            directory.Close();
        }

        return null;
    }

    /// <summary>Makes the spool directory unless it is there; the reason if it cannot be, or if others could put something into it.</summary>
    internal static string? Prepare(string parent)
    {
        try
        {
            Directory.CreateDirectory(parent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            UnixFileMode mode = File.GetUnixFileMode(parent);
            return (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0 ? null : $"others may write to {parent}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Removes what killed runs left below the spool directory. What cannot be removed is left alone.</summary>
    internal static void RemoveLeftovers(string parent)
    {
        if (!Directory.Exists(parent)) { return; }
        try
        {
            foreach (string path in Directory.EnumerateDirectories(parent, Prefix + "*")) { RemoveIfAbandoned(path); }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or somebody else was faster. It is in nobody's way.
        }
    }

    /// <summary>A new file, open for reading and writing.</summary>
    internal SafeFd CreateFile(out byte[] name)
    {
        name = Encoding.ASCII.GetBytes(Interlocked.Increment(ref _files).ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        return new SafeFd(Posix.OpenAt(_directory.Value, name, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW | Posix.O_CLOEXEC, 0x180));
    }

    internal SafeFd Reopen(ReadOnlySpan<byte> name) => new(Posix.OpenAt(_directory.Value, name, Posix.O_RDWR | Posix.O_NOFOLLOW | Posix.O_CLOEXEC));

    internal void Remove(ReadOnlySpan<byte> name) => Posix.UnlinkAt(_directory.Value, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        Delete(_path);
        _directory.Close();
    }

    private static void RemoveIfAbandoned(string path)
    {
        SafeFd directory = Open(Encoding.UTF8.GetBytes(path));
        if (!directory.IsOpen) { return; }
        if (Posix.Lock(directory.Value, Posix.LOCK_EX | Posix.LOCK_NB) == 0) { Delete(path); }
        directory.Close();
    }

    private static void Delete(string path)
    {
        try { Directory.Delete(path, recursive: true); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run tries again.
        }
    }

    private static SafeFd Open(ReadOnlySpan<byte> path) => new(Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW | Posix.O_CLOEXEC));
}
