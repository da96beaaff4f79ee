using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.Platform.Files;

/// <summary>What a file system is recognised by, wherever and whenever it is mounted. Thread-safe.</summary>
internal static class FileSystemId
{
    private const string ByUuid = "/dev/disk/by-uuid";

    /// <summary>
    /// The UUID of the device that an open file lies on, as the system lists it, else the number that the kernel has for the file system;
    /// null if it has none.
    /// </summary>
    public static string? Of(int fd)
    {
        if (Posix.Stat(fd, out EntryStat stat) != 0) { return null; }
        try
        {
            foreach (string link in Directory.Exists(ByUuid) ? Directory.EnumerateFileSystemEntries(ByUuid) : [])
            {
                bool isIt = Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(link), out EntryStat device, 0) == 0
                    && device.Kind == EntryKind.BlockDevice && ((ulong)device.RdevMajor << 32 | device.RdevMinor) == stat.Device;
                if (isIt) { return Path.GetFileName(link); }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The kernel's number is left.
        }

        return Posix.FileSystemNumber(fd, out ulong number) == 0 && number != 0
            ? number.ToString("x16", CultureInfo.InvariantCulture) : null;
    }
}
