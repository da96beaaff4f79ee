using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;
using Varve.Platform.Processes;

namespace Varve.App.Daemon.Runs;

/// <summary>A run that a daemon began which is gone: nobody is told how it ends, but what it prints.</summary>
internal sealed class AdoptedRun : IRun
{
    private readonly Job _job;
    private readonly RunFiles _files;
    private readonly ProcessMark _mark;
    private volatile bool _hasEnded;
    private bool _wasStopped;

    internal AdoptedRun(Job job, RunFiles files, ProcessMark mark, Action ended)
    {
        (_job, _files, _mark) = (job, files, mark);
        _hasEnded = files.IsOver(() =>
        {
            _hasEnded = true;
            ended();
        });
    }

    public int Process => _mark.Id;

    public bool HasEnded => _hasEnded;

    public RunOutcome Outcome() => OutcomeReader.Of(_job, -1, _wasStopped, _files);

    public void Stop()
    {
        if (_wasStopped) { return; }
        _wasStopped = true;
        _mark.Terminate();
    }

    /// <summary>What is asked for twice ends at once; what goes on nevertheless is found by the next daemon.</summary>
    public void Kill() => _mark.Terminate();

    public JobProgressPart? Progress() => _files.Progress();

    public void Dispose() { }
}
