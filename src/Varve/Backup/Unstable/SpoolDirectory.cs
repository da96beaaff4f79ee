using System.Security.Cryptography;
using System.Text;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Locks;

namespace Varve.Backup.Unstable;

/// <summary>
/// A run's own directory below the spool directory, for the owner alone. It is marked for as long as the run lives
/// (<see cref="OwnerLock"/>), so that a later run, of any repository, can tell what a killed one left behind and removes it. All of it goes
/// through descriptors.
/// </summary>
internal sealed class SpoolDirectory : IDisposable
{
    private const string Prefix = "varve-spool-";

    private readonly PrivateDirectory _parent, _own;
    private readonly byte[] _name;
    private long _files;

    private SpoolDirectory(PrivateDirectory parent, PrivateDirectory own, byte[] name) => (_parent, _own, _name) = (parent, own, name);

    /// <summary>Null, with the reason, if it cannot be made.</summary>
    internal static SpoolDirectory? Create(string parent, out string? reason)
    {
        PrivateDirectory? above = PrivateDirectory.TryOpen(parent, out string problem);
        reason = problem;
        while (above is not null)
        {
            byte[] name = Encoding.ASCII.GetBytes(Prefix + RandomNumberGenerator.GetHexString(16, lowercase: true));
            int errno = above.MakeChild(name, out PrivateDirectory? own);
            if (own is null)
            {
                reason = Errno.Message(errno);
                above.Dispose();
                break;
            }

            reason = null;
            if (OwnerLock.Mark(own.Fd)) { return new SpoolDirectory(above, own, name); }
            own.Dispose();
        }

        return null;
    }

    /// <summary>Makes the spool directory unless it is there; the reason if it cannot be, or is not for this user alone.</summary>
    internal static string? Prepare(string parent)
    {
        using PrivateDirectory? directory = PrivateDirectory.TryOpen(parent, out string problem);
        return directory is null ? problem : null;
    }

    /// <summary>
    /// Removes what killed runs left below the spool directory. What cannot be removed is left alone: it is in nobody's way.
    /// </summary>
    internal static void RemoveLeftovers(string parent)
    {
        using PrivateDirectory? directory = PrivateDirectory.OpenExisting(parent);
        if (directory is null || directory.List(out List<string> names) != 0) { return; }
        foreach (string left in names.Where(static n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            byte[] name = Encoding.UTF8.GetBytes(left);
            if (!OwnerLock.TryTakeOver(directory.Fd, name, out SafeFd taken)) { continue; }
            directory.RemoveTree(name);
            taken.Close();
        }
    }

    /// <summary>A new file, open for reading and writing.</summary>
    internal SafeFd CreateFile(out byte[] name)
    {
        name = Encoding.ASCII.GetBytes(Interlocked.Increment(ref _files).ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        _ = Posix.OpenAt(_own.Fd, name, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW, Modes.PrivateFile, out SafeFd file);
        return file;
    }

    internal SafeFd Reopen(ReadOnlySpan<byte> name)
    {
        _ = Posix.OpenAt(_own.Fd, name, Posix.O_RDWR | Posix.O_NOFOLLOW, out SafeFd file);
        return file;
    }

    internal void Remove(ReadOnlySpan<byte> name) => Posix.UnlinkAt(_own.Fd, name);

    /// <summary>Removes it; what cannot be removed is left to the next run.</summary>
    public void Dispose()
    {
        _own.Empty();
        Posix.UnlinkAt(_parent.Fd, _name, Posix.AT_REMOVEDIR);
        _own.Dispose();
        _parent.Dispose();
    }
}
