using System.Text;
using System.Text.Json;

namespace Varve.Tests.Kit.Processes;

/// <summary>How a run of the program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="PeakBytes">The most resident memory that was seen.</param>
internal sealed record VarveResult(int ExitCode, byte[] Output, string Error, long PeakBytes)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Standard output as JSON, an object a line.</summary>
    public IReadOnlyList<JsonElement> Json =>
        [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The one object that was printed.</summary>
    public JsonElement Object => Assert.Single(Json);

    /// <summary>The object <c>error</c> in the last line on standard error.</summary>
    public JsonElement ErrorObject => JsonDocument.Parse(Error.TrimEnd('\n').Split('\n')[^1]).RootElement.GetProperty("error");

    /// <summary>This, if the exit code is that; else the test fails with all that was printed.</summary>
    public VarveResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode,
            $"exit code {ExitCode} instead of {exitCode}; it said:\n{Text[..Math.Min(Text.Length, 4000)]}\n{Error}");
        return this;
    }
}
