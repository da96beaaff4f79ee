namespace Varve.App.Daemon.Notices;

/// <summary>Something that is tried until it goes well, or until its time is over.</summary>
internal sealed class Errand
{
    /// <summary>Tries it; true if there is nothing left to do.</summary>
    internal required Func<CancellationToken, bool> Try { get; init; }

    /// <summary>How long it is tried.</summary>
    internal required TimeSpan For { get; init; }

    /// <summary>Called when that is over.</summary>
    internal required Action GiveUp { get; init; }

    /// <summary>When it is tried next; of its owner.</summary>
    internal TimeSpan Due { get; set; }

    /// <summary>When it is given up; of its owner.</summary>
    internal TimeSpan Until { get; set; }

    /// <summary>How many times it went wrong; of its owner.</summary>
    internal int Failures { get; set; }
}
