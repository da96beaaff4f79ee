using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.Platform.Watching;

/// <summary>
/// Files that processes have mapped so that what they store there goes into the file: they change without any event, and without another
/// stamp at once. To see those of other users takes CAP_SYS_PTRACE and CAP_SYS_ADMIN. Stateless.
/// </summary>
internal static class SharedMappings
{
    /// <summary>
    /// Tells each such file that lies on a device, major:minor as mountinfo has it: its path, and its stat. False: of some processes it
    /// cannot be told.
    /// </summary>
    internal static bool Find(string device, Action<byte[], EntryStat> found)
    {
        bool isAll = true;
        // In maps the numbers are hexadecimal, of two digits at least.
        string[] numbers = device.Split(':');
        if (numbers.Length != 2 || !uint.TryParse(numbers[0], out uint major) || !uint.TryParse(numbers[1], out uint minor)) { return false; }
        byte[] wanted = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {major:x2}:{minor:x2} "));
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(process["/proc/".Length])) { continue; }
            isAll &= FindIn(process, wanted, found);
        }

        return isAll;
    }

    private static bool FindIn(string process, byte[] device, Action<byte[], EntryStat> found)
    {
        byte[] maps;
        try { maps = File.ReadAllBytes(process + "/maps"); }
        catch (UnauthorizedAccessException) { return false; }
        catch (IOException) { return true; } // it has ended

        bool isAll = true;
        var seen = new HashSet<ulong>();
        foreach (Range range in maps.AsSpan().Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = maps.AsSpan(range);
            int space = line.IndexOf((byte)' '); // 7f00-7f10 rw-s 00000000 08:01 42 /path
            if (space < 0 || line.Length < space + 6 || line[space + 4] != (byte)'s' || line.IndexOf(device) < 0) { continue; }
            byte[] link = [.. Encoding.ASCII.GetBytes(process + "/map_files/"), .. line[..space]];
            int errno = Posix.OpenAt(Posix.AT_FDCWD, link, Posix.O_PATH, out SafeFd held);
            if (errno != 0)
            {
                isAll &= errno is Errno.ENOENT;
                continue;
            }

            errno = Posix.Stat(held.Value, out EntryStat stat);
            byte[] path = [];
            if (errno == 0 && seen.Add(stat.Inode)) { errno = FileHandles.PathOf(held.Value, out path); }
            held.Close();
            if (errno != 0) { isAll = false; }
            else if (path.Length > 0) { found(path, stat); }
        }

        return isAll;
    }
}
