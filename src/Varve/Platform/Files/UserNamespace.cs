using System.Globalization;

namespace Varve.Platform.Files;

/// <summary>
/// In a user namespace (a container without root, a sandbox) files of users who do not exist there, root's above all, are shown as those of
/// one stand-in, by whose name nobody there can act.
/// </summary>
internal static class UserNamespace
{
    private static readonly Lazy<uint?> s_unmapped = new(Find);

    /// <summary>The stand-in, if the namespace lacks users and he is none of them; else null.</summary>
    internal static uint? Unmapped => s_unmapped.Value;

    private static uint? Find()
    {
        try
        {
            uint standIn = uint.Parse(File.ReadAllText("/proc/sys/kernel/overflowuid"), CultureInfo.InvariantCulture);
            foreach (string line in File.ReadLines("/proc/self/uid_map"))
            {
                string[] range = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                uint first = uint.Parse(range[0], CultureInfo.InvariantCulture), count = uint.Parse(range[2], CultureInfo.InvariantCulture);
                if (standIn >= first && standIn - first < count) { return null; }
            }

            return standIn;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException
            or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
