using System.ComponentModel;
using System.Diagnostics;
using Varve.App.Settings.Table;
using Varve.Backup.Streams;
using Varve.Platform;

namespace Varve.App.Host;

/// <summary>
/// A command whose output is saved. It is started when a backup reads it, with standard input and error of the program and without its
/// password, and ended with it. Bash runs it where there is one, so that a pipe fails when any of its programs does; else sh.
/// </summary>
internal sealed class CommandOutput(string command) : IDisposable
{
    private static readonly (string Shell, string[] Options)[] s_shells =
        [("/bin/bash", ["-o", "pipefail", "-c"]), ("/usr/bin/bash", ["-o", "pipefail", "-c"]), ("/bin/sh", ["-c"])];

    private readonly Lock _lock = new();
    private Process? _process;
    private bool _isStopped;

    /// <summary>What it prints.</summary>
    internal ContentStream Content => field ??= new ContentStream(Start, Complete);

    /// <summary>Ends it, for the backup is over.</summary>
    internal void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            if (_process is not { HasExited: false } process) { return; }
            // Those that it started hold the pipe, too.
            process.Kill(entireProcessTree: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _process?.WaitForExit();
        _process?.Dispose();
    }

    private Stream Start()
    {
        (string shell, string[] options) = Array.Find(s_shells, static s => File.Exists(s.Shell));
        var start = new ProcessStartInfo(shell ?? "/bin/sh", [.. options ?? ["-c"], command])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        foreach (string secret in Variables.Secret) { start.Environment.Remove(secret); }
        lock (_lock)
        {
            if (_isStopped) { throw new OperationCanceledException(); }
            try { _process = Process.Start(start)!; }
            catch (Win32Exception e)
            {
                throw new VarveException(ErrorKind.Storage, Subject.Program(start.FileName), $"cannot be run: {Errno.Message(e)}",
                    Advice.None, e);
            }
        }

        return _process.StandardOutput.BaseStream;
    }

    private void Complete()
    {
        _process!.WaitForExit();
        lock (_lock)
        {
            if (_isStopped) { throw new OperationCanceledException(); }
        }

        int code = _process.ExitCode;
        if (code == 0) { return; }
        string how = code > 128 ? $"was ended by signal {code - 128}" : $"ended with exit code {code}";
        throw new VarveException(ErrorKind.Storage, Subject.Program(command), how + ": no snapshot is made");
    }
}
