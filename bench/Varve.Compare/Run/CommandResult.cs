namespace Varve.Compare.Run;

/// <summary>How a program ended and what it used.</summary>
/// <param name="ExitCode">Its exit code, or 128 + signal.</param>
/// <param name="Wall">From just before it was executed until it had ended.</param>
/// <param name="Cpu">User and system time of it and its children.</param>
/// <param name="PeakBytes">The largest resident set of it or any of its children.</param>
/// <param name="Output">The beginning of its standard output.</param>
/// <param name="Error">The last line of its standard error, or why it was killed.</param>
internal sealed record CommandResult(int ExitCode, TimeSpan Wall, TimeSpan Cpu, long PeakBytes, string Output, string Error)
{
    /// <summary>True if it did what was asked.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>What to show in place of a figure.</summary>
    public string Failure => $"exit code {ExitCode}" + (Error.Length == 0 ? "" : ": " + Error);
}
