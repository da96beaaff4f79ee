using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Varve.App.Host;

/// <summary>
/// Says that the process may have too few files open, before anything is opened for which there is no descriptor: then even loading the
/// library fails, and the runtime aborts. So this uses nothing but the runtime's own assembly.
/// </summary>
internal static class DescriptorFloor
{
    /// <summary>The fewest open files that the program works with.</summary>
    private const int Least = 64;

    /// <summary>
    /// The fewest that must be left where this begins. The runtime has 14 open by then; so of 64 some eight may be somebody else's, who
    /// left them open to the program.
    /// </summary>
    private const int LeastLeft = 42;

    private const string Line = "Max open files", Flags = "flags:";

    /// <summary>Whether there are too few; then standard error says so.</summary>
    internal static bool IsTooLow()
    {
        if (Limit() is not { } limit) { return false; }
        int open = limit < Least ? 0 : Open(limit);
        if (limit >= Least && limit - open >= LeastLeft) { return false; }
        string what = limit < Least ? $"may have {Text(limit)} files open, and needs at least {Least}"
            : $"may have {Text(limit)} files open and began with {Text(open)}, and needs {LeastLeft} more";
        if (!HasError()) { return true; }
        try
        {
            using var error = new FileStream(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            error.Write(Encoding.UTF8.GetBytes($"""
                varve: this process {what}
                       raise the limit: ulimit -n "$(ulimit -Hn)"

                """));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Nobody hears it; the exit code tells.
        }

        return true;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Those with numbers that the limit leaves: what was opened under a higher one takes no room of those. None if it cannot be told.
    private static int Open(int limit)
    {
        int open = 0;
        try
        {
            foreach (string path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
            {
                ReadOnlySpan<char> number = path.AsSpan(path.LastIndexOf('/') + 1);
                if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int fd) && fd < limit) { open++; }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return 0; }

        return open - 1; // but for the directory itself
    }

    // What is closed on exec is no standard error but the runtime's.
    private static bool HasError()
    {
        const int O_CLOEXEC = 0x80000;
        try
        {
            string text = File.ReadAllText("/proc/self/fdinfo/2"); // pos: 0, flags: 0102001, ...
            string flags = text[(text.IndexOf(Flags, StringComparison.Ordinal) + Flags.Length)..].TrimStart();
            return (Convert.ToInt32(flags[..flags.IndexOf('\n')], 8) & O_CLOEXEC) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or FormatException) { return false; }
    }

    // Null if it cannot be told.
    private static int? Limit()
    {
        try
        {
            string limits = File.ReadAllText("/proc/self/limits");
            int at = limits.IndexOf(Line, StringComparison.Ordinal);
            if (at < 0) { return null; }
            ReadOnlySpan<char> soft = limits.AsSpan(at + Line.Length).TrimStart();
            return int.TryParse(soft[..soft.IndexOf(' ')], NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
    }
}
