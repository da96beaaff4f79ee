using Varve.App.Daemon.Runs;
using Varve.App.Output.Daemon;

namespace Varve.App.Daemon.Control;

/// <summary>How everything stands, for whoever asks: the loop hangs it out, and others read it. Thread-safe.</summary>
internal sealed class StatusBoard
{
    private readonly object _changed = new();
    private Tuple<StatusReport, IReadOnlyDictionary<string, IRun>>? _sheet; // guarded by _changed

    /// <summary>Hangs out a new one.</summary>
    internal void Publish(StatusReport report, IReadOnlyDictionary<string, IRun> runs)
    {
        lock (_changed)
        {
            _sheet = Tuple.Create(report, runs);
            Monitor.PulseAll(_changed);
        }
    }

    /// <summary>
    /// What hangs there, with where runs are at this moment; null if there was nothing yet after that wait: who had the daemon started asks
    /// before it has looked at anything.
    /// </summary>
    internal StatusReport? Read(TimeSpan longest = default)
    {
        Tuple<StatusReport, IReadOnlyDictionary<string, IRun>>? sheet;
        lock (_changed)
        {
            if (_sheet is null) { Monitor.Wait(_changed, longest); }
            sheet = _sheet;
        }

        if (sheet is null) { return null; }
        (StatusReport report, IReadOnlyDictionary<string, IRun> runs) = sheet;
        if (runs.Count == 0) { return report; }
        return new StatusReport
        {
            Running = report.Running, Process = report.Process, Since = report.Since, Program = report.Program, Paused = report.Paused,
            WaitsFor = report.WaitsFor, StateDirectory = report.StateDirectory, Problems = report.Problems,
            Jobs = [.. report.Jobs.Select(j => runs.TryGetValue(j.Name, out IRun? run) ? j.At(run.Progress()) : j)],
        };
    }
}
