using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// A short run of the program that feeds each parser what nobody writes (<c>tests/Varve.Fuzz</c>): its seeds, its corpus and every input
/// that ever failed, and as many new ones as some seconds are enough for. <c>eng/fuzz</c> runs it for long.
/// </summary>
public sealed partial class FuzzTests : IDisposable
{
    private const int Targets = 23;

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void No_parser_does_worse_than_refuse_what_it_is_given()
    {
        (int code, string output) = Run("--seconds", "15", "--seed", Environment.TickCount.ToString(CultureInfo.InvariantCulture));
        Assert.True(code == 0, output);
        MatchCollection lines = Line().Matches(output);
        Assert.Equal(Targets, lines.Count);
        foreach (Match line in lines)
        {
            // That it found its way: branches are counted, and the corpus goes through more than the first of them.
            Assert.True(int.Parse(line.Groups["branches"].Value, CultureInfo.InvariantCulture) > 30, line.Value);
        }
    }

    private (int Code, string Output) Run(params string[] arguments)
    {
        string program = Path.Combine(VarveProcess.Clone, "tests", "Varve.Fuzz", "bin", Configuration, "net10.0", "Varve.Fuzz.dll");
        // Where inputs that fail go: with the corpus, but not into the repository.
        string place = Path.Combine(_scratch.Path, "place");
        Programs.Run("cp", "-r", Path.Combine(VarveProcess.Clone, "tests", "Varve.Fuzz"), place);
        var start = new ProcessStartInfo("dotnet", [program, .. arguments, "--place", place])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = _scratch.Path;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private static string Configuration => AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    [GeneratedRegex(@"^\S+ +\d+ inputs +[\d.]+ s +(?<branches>\d+) branches .*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
