using System.Text;
using Varve.App.Settings.Table;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Processes;

namespace Varve.App.Host;

/// <summary>
/// A command of somebody's configuration, run by a shell to its end: bash, where there is one, so that a pipe fails when any of its
/// programs does, else sh. It has a process group of its own, default signals, standard error for both outputs, and never the program's
/// password. It does not outlive this process: a guard in its group ends the group when this process is gone, whatever ended it.
/// </summary>
internal sealed class GuardedCommand
{
    private const int Terminate = 15, Kill = 9;
    private const string Shell = "/bin/sh";

    // Descriptor 3 comes to its end when the program is gone. The shell that waits outlives a SIGTERM to the group, so the command has the
    // time that it is given to end well.
    private const string Guard = """
        exec 4>&2 2>/dev/null
        trap : TERM
        (trap '' TERM; read -r _ <&3; kill -s KILL 0) </dev/null >/dev/null 4>&- &
        guard=$!
        exec 3<&-
        "$@" 2>&4 4>&-
        code=$?
        kill -s KILL $guard
        exit $code
        """;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10), s_longest = TimeSpan.FromDays(20);
    private static readonly (string Shell, string[] Options)[] s_shells =
        [("/bin/bash", ["-o", "pipefail", "-c"]), ("/usr/bin/bash", ["-o", "pipefail", "-c"]), (Shell, ["-c"])];

    /// <summary>As a shell reads it.</summary>
    internal required string Command { get; init; }

    /// <summary>The environment of this process.</summary>
    internal required Func<string, string?> Environment { get; init; }

    /// <summary>Variables that it gets besides, or, by null, does not get.</summary>
    internal IReadOnlyList<(string Name, byte[]? Value)> Variables { get; init; } = [];

    /// <summary>What it can read; at most what a pipe holds, 64 KiB less a page.</summary>
    internal byte[]? Input { get; init; }

    /// <summary>How long it may take.</summary>
    internal required TimeSpan Limit { get; init; }

    /// <summary>Runs it, and waits for its end.</summary>
    /// <exception cref="VarveException">Storage: it cannot be started.</exception>
    internal CommandEnd Run(CancellationToken cancelled)
    {
        if (cancelled.IsCancellationRequested) { return new CommandEnd(-1, TookTooLong: false, WasStopped: true); }
        using Pipe life = Open();
        using Pipe? input = Input is null ? null : Open();
        if (input is not null)
        {
            _ = Posix.WriteAll(input.Writing, Input);
            input.CloseWriting();
        }

        // Not disposed of: who sets it may not have come back yet.
        var ended = new ManualResetEventSlim();
        (string shell, string[] options) = Array.Find(s_shells, static s => File.Exists(s.Shell));
        byte[][] words = [.. ((string[])["-c", Guard, "varve-hook", shell ?? Shell, .. options ?? ["-c"], Command])
            .Select(Encoding.UTF8.GetBytes)];
        byte[][] variables = OwnEnvironment.With(OwnEnvironment.Bytes(Environment),
            [.. Variables, .. Settings.Table.Variables.Secret.Select(static s => (s, (byte[]?)null))]);
        int errno = ChildProcess.Start(Encoding.UTF8.GetBytes(Shell), words, variables, StandardDescriptors.Error,
            StandardDescriptors.Error, ended.Set, out ChildProcess? child, input?.Reading ?? -1, life.Reading);
        if (errno != 0) { throw Wrong(errno); }
        life.CloseReading();
        input?.CloseReading();
        (bool isLate, bool isStopped) = (false, false);
        try { isLate = !ended.Wait(Limit < s_longest ? Limit : s_longest, cancelled); }
        catch (OperationCanceledException) { isStopped = true; }
        if (isLate || isStopped)
        {
            child!.SignalGroup(Terminate);
            if (!ended.Wait(s_grace, CancellationToken.None)) { child.SignalGroup(Kill); }
        }

        ended.Wait(CancellationToken.None);
        return new CommandEnd(child!.ExitCode, isLate, isStopped);
    }

    private static Pipe Open()
    {
        int errno = Pipe.Open(out Pipe? pipe);
        return pipe ?? throw Wrong(errno);
    }

    private static VarveException Wrong(int errno) =>
        new(ErrorKind.Storage, Subject.Program(Shell), "cannot be run: " + Errno.Message(errno));
}
