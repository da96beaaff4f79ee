using Varve.App.Daemon.Runs;
using Varve.App.Output.Daemon;

namespace Varve.App.Daemon.Control;

/// <summary>How everything stands, for whoever asks: the loop hangs it out, and others read it. Thread-safe.</summary>
internal sealed class StatusBoard
{
    private volatile Tuple<StatusReport, IReadOnlyDictionary<string, IRun>>? _sheet;

    /// <summary>Hangs out a new one.</summary>
    internal void Publish(StatusReport report, IReadOnlyDictionary<string, IRun> runs) => _sheet = Tuple.Create(report, runs);

    /// <summary>What hangs there, with where runs are at this moment; null before the first.</summary>
    internal StatusReport? Read()
    {
        if (_sheet is not { } sheet) { return null; }
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
