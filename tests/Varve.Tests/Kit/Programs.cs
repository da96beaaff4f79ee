using System.Diagnostics;

namespace Varve.Tests.Kit;

/// <summary>Other programs, as a test uses them.</summary>
internal static class Programs
{
    /// <summary>Runs a program and returns all it printed; its exit code must be 0.</summary>
    internal static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string all = output + errors.Result;
        return process.ExitCode == 0 ? all : throw new IOException($"{program} ended with {process.ExitCode}: {all}");
    }
}
