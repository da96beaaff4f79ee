using System.Diagnostics;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Processes;

namespace Varve.Freeze;

/// <summary>
/// Runs system programs by their absolute path, without a shell, to their end. They run in a session of their own: a Ctrl-C that stops the
/// backup must not stop the program that takes its snapshot away. Thread-safe.
/// </summary>
/// <param name="directories">Where programs are looked for first.</param>
/// <param name="isPrivileged">Whether they run as root.</param>
internal sealed class Tool(IReadOnlyList<string> directories, bool isPrivileged)
{
    /// <inheritdoc cref="ProgramPath.Find"/>
    public string? Find(string name) => ProgramPath.Find(name, directories);

    /// <summary>Runs it; what it says is in the result.</summary>
    /// <exception cref="VarveException">Unsupported: it is not installed or cannot be started.</exception>
    public ToolResult Run(string name, params ReadOnlySpan<string> arguments)
    {
        string program = Find(name)
            ?? throw new VarveException(ErrorKind.Unsupported, Subject.Program(name), "is not installed", Advice.InstallTool);
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            UseShellExecute = false, WorkingDirectory = "/"
        };
        string? setsid = Find("setsid");
        start.FileName = setsid ?? program;
        if (setsid is not null)
        {
            start.ArgumentList.Add("--wait");
            start.ArgumentList.Add(program);
        }

        foreach (string argument in arguments) { start.ArgumentList.Add(argument); }
        start.Environment["LC_ALL"] = "C";
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            return new ToolResult(process.ExitCode, output.ToArray(), OneLine(errors.GetAwaiter().GetResult()));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new VarveException(ErrorKind.Unsupported, Subject.Program(program), $"cannot be run: {Errno.Message(e)}",
                Advice.ReadLive, e);
        }
    }

    /// <summary>
    /// Runs it; an exit code other than 0 is an error that says that <paramref name="what"/> could not be done to the subject, and why.
    /// </summary>
    /// <exception cref="VarveException">Storage, Unsupported.</exception>
    public ToolResult Do(Subject subject, string what, Advice advice, string name, params ReadOnlySpan<string> arguments)
    {
        ToolResult result = Run(name, arguments);
        return result.Succeeded ? result : throw new VarveException(
            ErrorKind.Storage, subject,
            $"cannot {what}: {name}: {(result.Errors.Length > 0 ? result.Errors : $"exit code {result.ExitCode}")}", advice);
    }

    /// <summary>The advice for what only root may do.</summary>
    public Advice NeedsRoot(Advice otherwise) => isPrivileged ? otherwise : Advice.RunAsRoot;

    /// <summary>A path as an argument.</summary>
    /// <exception cref="VarveException">Unsupported: it is not UTF-8.</exception>
    public static string Argument(ReadOnlySpan<byte> path) => System.Text.Unicode.Utf8.IsValid(path) ? Encoding.UTF8.GetString(path)
        : throw new VarveException(ErrorKind.Unsupported, Subject.Volume(PathText.Of(path)),
        "cannot take a snapshot of it: the path is not UTF-8", Advice.ReadLive);

    private static string OneLine(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string line = string.Join("; ",
            lines.Where(static l => !l.StartsWith("WARNING", StringComparison.Ordinal)).DefaultIfEmpty(lines.FirstOrDefault() ?? ""));
        return line.Length > 500 ? line[..500] : line;
    }
}
