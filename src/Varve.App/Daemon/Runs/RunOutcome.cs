namespace Varve.App.Daemon.Runs;

/// <summary>What came of a run, by how it ended and what it printed.</summary>
internal sealed record RunOutcome
{
    /// <summary>One of <see cref="Output.Daemon.JobStates"/>: good, incomplete, failed, or retrying for what may go well later.</summary>
    internal required string State { get; init; }

    /// <summary>It was cut off, and is to be done again.</summary>
    internal bool IsCutOff { get; init; }

    /// <summary>Something was saved that was not there.</summary>
    internal bool HasChanged { get; init; }

    /// <summary>The newest snapshot; null if it tells of none.</summary>
    internal string? Snapshot { get; init; }

    /// <summary>Of the tree as the newest archive has it; null if it tells of none.</summary>
    internal string? Digest { get; init; }

    /// <summary>The archive, as people read it.</summary>
    internal string? Archive { get; init; }

    internal long Files { get; init; }

    internal long Bytes { get; init; }

    /// <summary>Paths that could not be saved.</summary>
    internal long FailureCount { get; init; }

    /// <summary>What went wrong, or null.</summary>
    internal string? Message { get; init; }

    /// <summary>What can be done about it, or null.</summary>
    internal string? Hint { get; init; }

    /// <summary>Lines that it printed for people.</summary>
    internal IReadOnlyList<string> Lines { get; init; } = [];
}
