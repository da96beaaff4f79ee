using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Varve.Tests.Kit.Processes;

/// <summary>
/// Runs the published program as a user does, with an environment of its own: nothing is inherited but PATH. Arguments are strings or
/// bytes; bash, which takes any byte, starts the program in its own place, so that the process is the program's. It ignores no signal,
/// whatever who runs the tests ignores (nohup, a shell's background job). Runs as somebody else if <see cref="User"/> says so.
/// </summary>
internal sealed class VarveProcess(string home)
{
    /// <summary>How bash becomes a program with default signals: it cannot reset those that were ignored when it began.</summary>
    internal const string Become = "exec /usr/bin/env --default-signal ";

    private static readonly Lazy<string> s_clone = new(FindClone);
    private static readonly Lazy<string> s_program = new(Find);

    /// <summary>The project's clone that the tests belong to.</summary>
    public static string Clone => s_clone.Value;

    /// <summary>The program that ./varve built.</summary>
    public static string Program => s_program.Value;

    /// <summary>Whether it is one file that carries its runtime, and no build for an editor.</summary>
    public static bool IsPublished =>
        new FileInfo(new FileInfo(Program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Program).Length > 10 << 20;

    /// <summary>What HOME is.</summary>
    public string Home => home;

    /// <summary>Variables besides HOME and PATH.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Who runs it, without any capability; null for whoever runs the tests.</summary>
    public uint? User { get; init; }

    /// <summary>How many descriptors it may have open; null for as many as whoever runs the tests.</summary>
    public int? Descriptors { get; init; }

    /// <summary>What the shell does before it becomes the program: <c>umask 0; </c>.</summary>
    public string Before { get; init; } = "";

    /// <summary>Redirections, as the shell has them: <c>2>&amp;-</c>.</summary>
    public string Redirections { get; init; } = "";

    /// <summary>The program to run instead of <see cref="Program"/>: a copy that <see cref="User"/> can reach.</summary>
    public string? Copy { get; init; }

    /// <summary>Runs a command to its end. <paramref name="arguments"/> are strings or byte arrays.</summary>
    public VarveResult Run(params object[] arguments)
    {
        using Process process = Start(arguments);
        return Finish(process);
    }

    /// <summary>Runs a command that must end with exit code 0.</summary>
    public VarveResult Succeed(params object[] arguments) => Run(arguments).Expect(0);

    /// <summary>Starts a command; end it with <see cref="Finish"/>.</summary>
    public Process Start(params object[] arguments) => Start(null, arguments);

    /// <summary>Starts a command that is held at gates.</summary>
    public Process StartHeld(Gates gates, params object[] arguments) => Start(gates, arguments);

    /// <summary>Waits for the end; gathers what was printed, and the most memory the process was seen to have.</summary>
    public static VarveResult Finish(Process process)
    {
        var output = new MemoryStream();
        Task copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        long peak = 0;
        long began = Stopwatch.GetTimestamp();
        while (!process.WaitForExit(5))
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            if (Stopwatch.GetElapsedTime(began) < Within.Limit) { continue; }
            string line = string.Join(' ', process.StartInfo.ArgumentList), threads = Within.Threads(process.Id);
            process.Kill();
            throw new TimeoutException($"{line} did not end in {Within.Limit}; it said: {errors.Result}\nIts threads:\n{threads}");
        }

        process.WaitForExit();
        Task.WaitAll(copying, errors);
        return new VarveResult(process.ExitCode, output.ToArray(), errors.Result, peak);
    }

    private Process Start(Gates? gates, object[] arguments)
    {
        var line = new StringBuilder(Before);
        if (Descriptors is { } most) { line.Append(CultureInfo.InvariantCulture, $"ulimit -n {most}; "); }
        line.Append(Become);
        if (User is { } user) { line.Append(CultureInfo.InvariantCulture, $"setpriv --reuid={user} --regid={user} --clear-groups "); }
        line.Append(Quote(Encoding.UTF8.GetBytes(Copy ?? Program)));
        foreach (object argument in arguments)
        {
            line.Append(' ').Append(Quote(argument as byte[] ?? Encoding.UTF8.GetBytes((string)argument)));
        }
        line.Append(' ').Append(Redirections);
        var start = new ProcessStartInfo("/bin/bash", ["-c", line.ToString()])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            WorkingDirectory = "/",
        };
        string? path = System.Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = home;
        foreach ((string name, string value) in Environment) { start.Environment[name] = value; }
        if (gates is not null) { start.Environment[Varve.Platform.Gate.Variable] = gates.Place; }
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static long PeakOf(int process)
    {
        try
        {
            foreach (string line in File.ReadLines($"/proc/{process}/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                {
                    return 1024 * long.Parse(line.AsSpan(6).Trim()[..^3], CultureInfo.InvariantCulture);
                }
            }
        }
        catch (IOException)
        {
            // It ended meanwhile.
        }

        return 0;
    }

    private static string Quote(byte[] argument)
    {
        var text = new StringBuilder("$'");
        foreach (byte b in argument)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || "-_./=:".Contains((char)b)) { text.Append((char)b); }
            else { text.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0')); }
        }

        return text.Append('\'').ToString();
    }

    private static string Find()
    {
        string program = Path.Combine(Clone, ".build", "current", "varve");
        return File.Exists(program) ? program
            : throw new FileNotFoundException($"{program} is missing: run './varve --version', which builds it");
    }

    private static string FindClone()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Varve.slnx"))) { return at.FullName; }
        }

        throw new FileNotFoundException("the tests do not run from a clone of the project");
    }
}
