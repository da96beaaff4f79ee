using System.Diagnostics;

namespace Varve.Tests.Kit.Processes;

/// <summary>Shells as people use them, with a home of their own and nothing else of the environment but PATH.</summary>
internal static class Shells
{
    /// <summary>Skips the test where a program is missing.</summary>
    internal static void Needs(string program) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, program))),
        program + " is not installed");

    /// <summary>What a command that ends with 0 prints, on both streams.</summary>
    internal static string Run(string home, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = home,
        };
        string? path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = home;
        start.Environment["ZDOTDIR"] = home;
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["USER"] = Environment.UserName;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{errors.Result}");
        return (output + errors.Result).Trim();
    }

    /// <summary>
    /// Types into an interactive shell on a terminal, which prompts with "READY> ": <c>\t</c> is the tab key and <c>\n</c> the return key.
    /// Returns what was shown, in which <paramref name="end"/> must come.
    /// </summary>
    internal static string Type(string home, string end, string text, params string[] shell) => Run(home, "python3",
        [Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/EndToEnd/type_into_shell.py"), end, text, .. shell]);
}
