using System.Globalization;
using System.Text;

namespace Varve.Platform.Files;

/// <summary>
/// How the descriptors that the process may have are shared out. Usually there are enough for everybody. If few are left, the rest is for
/// one thread of each stage. Those that are open when somebody first asks take no part: the runtime has some (two for each assembly of the
/// published program, 45 in all), and whoever started the program may have left it more.
/// </summary>
internal static class DescriptorShare
{
    private const int Few = 192;

    private static readonly int s_left = CountLeft();

    /// <summary>Whether work is done by one thread at a time, with as little open as it takes.</summary>
    internal static bool AreFew => s_left < Few;

    /// <summary>How many of something that holds a descriptor each: as many as usual, or as few as it takes.</summary>
    internal static int Of(int usual, int least) => AreFew ? least : usual;

    /// <summary>
    /// Directories that a walk or a restore has open: so many quarters of those that are left, within bounds; a handful if they are few.
    /// </summary>
    internal static int Directories(int quarters, int most) => AreFew ? 2 : Math.Clamp(s_left / 4 * quarters, 16, most);

    // Where it cannot be told which are open they are taken for a few.
    private static int CountLeft()
    {
        int limit = Posix.DescriptorLimit(), left = limit;
        if (Posix.OpenAt(Posix.AT_FDCWD, "/proc/self/fd"u8, Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd directory) != 0)
        {
            return limit - 64;
        }

        var reader = new DirectoryReader();
        int errno = reader.Begin(directory.Value);
        while (errno == 0 && reader.Next(out ReadOnlySpan<byte> name, out _, out _, out errno))
        {
            // What was opened under a higher limit takes no room of those that this one leaves.
            if (int.TryParse(Encoding.ASCII.GetString(name), NumberStyles.None, CultureInfo.InvariantCulture, out int fd) && fd < limit)
            {
                left--;
            }
        }

        directory.Close();
        return left;
    }
}
