using System.Diagnostics;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Crash.Thrash;

/// <summary>
/// A run of the program, and what is to befall it: nothing, a kill, or a stop from which it is woken later. Not thread-safe.
/// </summary>
internal sealed class ThrashProcess : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Task<byte[]> _output;
    private readonly Task<string> _errors;
    private readonly TimeSpan? _killed, _stopped, _sleeps;
    private long _began = Stopwatch.GetTimestamp();
    private bool _wasKilled, _wasStopped;

    /// <param name="process">What runs.</param>
    /// <param name="what">It, in words.</param>
    /// <param name="killed">When it is killed; null: never.</param>
    /// <param name="stopped">When it is stopped; null: never.</param>
    /// <param name="sleeps">For how long it is stopped.</param>
    /// <param name="ended">Is told how it ended, unless it was killed before.</param>
    internal ThrashProcess(Process process, string what, TimeSpan? killed, TimeSpan? stopped, TimeSpan? sleeps, Action<ThrashProcess> ended)
    {
        (_process, What, _killed, _stopped, _sleeps, Ended) = (process, what, killed, stopped, sleeps, ended);
        _output = Task.Run(() =>
        {
            using var bytes = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(bytes);
            return bytes.ToArray();
        });
        _errors = process.StandardError.ReadToEndAsync();
    }

    internal string What { get; }

    internal Action<ThrashProcess> Ended { get; }

    /// <summary>Which cache it uses.</summary>
    internal string Cache { get; init; } = "";

    internal bool IsAsleep { get; private set; }

    /// <summary>Whether it has gone on for longer than any should.</summary>
    internal bool IsEndless => !IsAsleep && Stopwatch.GetElapsedTime(_began) > s_limit;

    internal bool WasKilled => _wasKilled && Result.ExitCode == 128 + 9;

    internal bool WasStopped => _wasStopped;

    internal TimeSpan Lasted { get; private set; }

    /// <summary>How it ended.</summary>
    internal VarveResult Result { get; private set; } = null!;

    /// <summary>Lets befall it what is due; true once it has ended.</summary>
    internal bool Look()
    {
        if (_process.HasExited)
        {
            _process.WaitForExit();
            Lasted = Stopwatch.GetElapsedTime(_began);
            Result = new VarveResult(_process.ExitCode, _output.Result, _errors.Result, 0);
            return true;
        }

        TimeSpan since = Stopwatch.GetElapsedTime(_began);
        if (IsAsleep)
        {
            if (since >= _sleeps) { Wake(); }
        }
        else if (since >= _killed && !_wasKilled)
        {
            _process.Kill();
            _wasKilled = true;
        }
        else if (since >= _stopped && !_wasStopped)
        {
            Signals.Send(_process, Signals.Stop);
            (IsAsleep, _wasStopped, _began) = (true, true, Stopwatch.GetTimestamp());
        }

        return false;
    }

    /// <summary>What it is doing, for whoever wants to know why it does not end.</summary>
    internal string Describe() => $"{_process.Id}: {What}{(IsAsleep ? ", stopped" : "")}\n{Within.Threads(_process.Id)}";

    /// <summary>Continues one that is stopped.</summary>
    internal void Wake()
    {
        Signals.Send(_process, Signals.Continue);
        (IsAsleep, _began) = (false, Stopwatch.GetTimestamp());
    }

    public void Dispose()
    {
        if (!_process.HasExited) { _process.Kill(); }
        _process.Dispose();
    }
}
