using System.Globalization;

namespace Varve.Platform.Processes;

/// <summary>
/// Which process a number meant, so that another of the same number is not taken for it: when it began, counted from the machine's start,
/// and which start that was.
/// </summary>
/// <param name="Id">Its number.</param>
/// <param name="Began">When it began, in ticks; 0 if it cannot be told.</param>
/// <param name="Boot">The machine's start, as the kernel names it; empty if it cannot be told.</param>
internal readonly record struct ProcessMark(int Id, long Began, string Boot)
{
    private const int TerminateSignal = 15;

    /// <summary>That of a process that is there now.</summary>
    internal static ProcessMark Of(int id) => new(id, BeginningOf(id), BootId());

    /// <summary>Whether it is still there.</summary>
    internal bool IsThere => Id > 0 && Began > 0 && Boot == BootId() && BeginningOf(Id) == Began;

    /// <summary>Asks it to end, if it is still there.</summary>
    internal void Terminate()
    {
        if (IsThere) { Terminals.OwnSignals.Send(Id, TerminateSignal); }
    }

    private static string BootId() => Read("/proc/sys/kernel/random/boot_id").Trim();

    private static long BeginningOf(int id)
    {
        string text = Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat")); // 12 (a name) S 1 ...
        int end = text.LastIndexOf(')');
        if (end < 0) { return 0; }
        string[] fields = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // The state comes first, a zombie has ended; the beginning is the 22nd of all fields.
        return fields.Length > 19 && fields[0] is not ("Z" or "X")
            && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out long began) ? began : 0;
    }

    private static string Read(string path)
    {
        try { return File.ReadAllText(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return ""; }
    }
}
