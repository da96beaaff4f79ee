using System.Diagnostics;
using System.Globalization;

namespace Varve.Tests.Support;

/// <summary>A temporary directory, with anything in it removed at the end: paths of any length, read-only directories.</summary>
internal sealed class ZooDirectory : IDisposable
{
    public ZooDirectory()
    {
        Root = Directory.CreateTempSubdirectory("varve-zoo-").FullName;
        ZooPosix.Chmod(ZooPosix.Path(Root), 0x1FF);
    }

    public string Root { get; }

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose()
    {
        if (!ZooPosix.IsRoot) { Run("chmod", "-R", "u+rwx", Root); }
        Run("rm", "-rf", "--", Root);
    }

    /// <summary>Runs a program and returns all it printed; its exit code must be 0.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string all = output + errors.Result;
        return process.ExitCode == 0 ? all : throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{program} ended with {process.ExitCode}: {all}"));
    }
}
