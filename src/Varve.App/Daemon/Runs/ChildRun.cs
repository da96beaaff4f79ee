using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;
using Varve.Platform.Processes;
using Varve.Platform.Terminals;

namespace Varve.App.Daemon.Runs;

/// <summary>A run that this daemon began.</summary>
internal sealed class ChildRun(Job job, RunFiles files, ChildProcess child) : IRun
{
    private const int Kill9 = 9;
    private bool _wasStopped;

    public int Process => child.Id;

    public bool HasEnded => child.HasEnded;

    public RunOutcome Outcome() => OutcomeReader.Of(job, child.ExitCode, _wasStopped, files);

    public void Stop()
    {
        // Once: the second signal would end it without a checkpoint.
        if (_wasStopped) { return; }
        _wasStopped = true;
        child.Signal(OwnSignals.Terminate);
    }

    public void Kill()
    {
        _wasStopped = true;
        child.Signal(Kill9);
    }

    public JobProgressPart? Progress() => files.Progress();

    public void Dispose() { }
}
