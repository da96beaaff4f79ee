using System.Text;

namespace Varve.Freeze;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0: well.</param>
/// <param name="Output">Its standard output, bytes.</param>
/// <param name="Errors">Its standard error, for people; one line.</param>
internal sealed record ToolResult(int ExitCode, byte[] Output, string Errors)
{
    /// <summary>Whether it did what it was asked to.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>Standard output as text, without blanks around it.</summary>
    public string Text => Encoding.UTF8.GetString(Output).Trim();
}
