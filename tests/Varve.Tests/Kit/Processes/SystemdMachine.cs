using System.Diagnostics;
using System.Globalization;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Kit.Processes;

/// <summary>
/// A machine whose first process is Debian's own systemd: namespaces over this machine's files, which it does not change. All of it ends
/// with this. Needs root.
/// </summary>
public sealed class SystemdMachine : IDisposable
{
    /// <summary>Where the folder that both sides see lies in the machine.</summary>
    internal const string Shared = "/srv/t";

    /// <summary>The program there.</summary>
    internal const string Program = Shared + "/program/varve";

    private readonly ScratchDirectory _d = new();
    private readonly Process _outer;
    private readonly string _first;

    public SystemdMachine()
    {
        Assert.SkipUnless(ZooPosix.IsRoot, "needs root");
        Shells.Needs("systemd-analyze");
        Directory.CreateDirectory(this["machine"]);
        Directory.CreateDirectory(this["shared"]);
        Programs.Run("cp", "-rL", Path.GetDirectoryName(VarveProcess.Program)!, this["shared/program"]);
        var start = new ProcessStartInfo("setsid",
            ["--wait", "unshare", "--fork", "--pid", "--mount", "--uts", "--ipc", "--cgroup", "--net", "--kill-child=KILL", "bash",
            Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/Kit/Processes/enter-systemd"), this["machine"], this["shared"]])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _outer = Process.Start(start)!;
        _outer.StandardInput.Close();
        _outer.OutputDataReceived += (_, e) => Said += e.Data + "\n";
        _outer.ErrorDataReceived += (_, e) => Said += e.Data + "\n";
        _outer.BeginOutputReadLine();
        _outer.BeginErrorReadLine();
        string first = "";
        Poll.Until(() => (first = Systemd()).Length > 0 || _outer.HasExited, "systemd is there: " + Said);
        Assert.False(_outer.HasExited, Said);
        _first = first;
        Poll.Until(() => TryRun("systemctl is-system-running").Text.Trim() is "running" or "degraded", "systemd is up: " + Said);
    }

    /// <summary>What the first process said.</summary>
    internal string Said { get; private set; } = "";

    /// <summary>A path of this machine that both see below <see cref="Shared"/>, if it begins with "shared/".</summary>
    internal string this[string name] => Path.Combine(_d.Path, name);

    /// <summary>Runs a line of shell in the machine, as root; it must succeed. What it printed.</summary>
    internal string Run(string line)
    {
        (int code, string text) = TryRun(line);
        Assert.True(code == 0, $"{line}: exit code {code}: {text}");
        return text;
    }

    /// <summary>The same, however it ends.</summary>
    internal (int Code, string Text) TryRun(string line)
    {
        var start = new ProcessStartInfo("nsenter", ["-t", _first, "-m", "-p", "-u", "-i", "-C", "-n", "--",
            "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8", "bash", "-c", line])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>A property of a unit, as systemd says it.</summary>
    internal string Property(string unit, string name) => Run($"systemctl show -p {name} --value {unit}").Trim();

    // The process below unshare whose name is systemd.
    private string Systemd()
    {
        foreach (string line in Programs.Run("ps", "-eo", "pid=,ppid=,comm=").Split('\n'))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is [var id, var parent, "systemd"] && Ancestors(parent).Contains(_outer.Id)) { return id; }
        }

        return "";
    }

    private static IEnumerable<int> Ancestors(string id)
    {
        for (int at = int.Parse(id, CultureInfo.InvariantCulture); at > 1;)
        {
            yield return at;
            string stat;
            try { stat = File.ReadAllText($"/proc/{at}/stat"); }
            catch (IOException) { yield break; }
            string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            at = int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
    }

    public void Dispose()
    {
        if (!_outer.HasExited)
        {
            _outer.Kill(entireProcessTree: true);
            _outer.WaitForExit();
        }

        _outer.Dispose();
        _d.Dispose();
    }
}
