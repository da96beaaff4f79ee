using Varve.App.Output.Daemon;

namespace Varve.App.Daemon.Runs;

/// <summary>A run that was begun. Used by the loop's thread alone, but for <see cref="Progress"/>.</summary>
internal interface IRun : IDisposable
{
    /// <summary>Its process; 0 if it is not known.</summary>
    int Process { get; }

    /// <summary>It is over.</summary>
    bool HasEnded { get; }

    /// <summary>What came of it, once it is over.</summary>
    RunOutcome Outcome();

    /// <summary>Asks it to come to an end: it makes a checkpoint first.</summary>
    void Stop();

    /// <summary>Ends it at once.</summary>
    void Kill();

    /// <summary>Where it stands; null if it does not tell. Any thread.</summary>
    JobProgressPart? Progress();
}
