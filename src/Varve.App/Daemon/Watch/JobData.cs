namespace Varve.App.Daemon.Watch;

/// <summary>What became of something that the daemon does, as it lies on the disk. The loop's thread alone changes it.</summary>
internal sealed class JobData
{
    public string Name { get; set; } = "";

    /// <summary>When the last run began that is over.</summary>
    public DateTimeOffset? Slot { get; set; }
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>How many times in a row it failed.</summary>
    public int Failures { get; set; }
    public DateTimeOffset? LastStart { get; set; }
    public DateTimeOffset? LastEnd { get; set; }

    /// <summary>When the last run ended in which all was well.</summary>
    public DateTimeOffset? LastGood { get; set; }

    /// <summary>One of <see cref="Output.Daemon.JobStates"/>; null before the first run.</summary>
    public string? State { get; set; }
    public string? Message { get; set; }
    public string? Hint { get; set; }

    /// <summary>Of the tree as the newest archive has it.</summary>
    public string? Digest { get; set; }

    /// <summary>The newest snapshot.</summary>
    public string? Snapshot { get; set; }

    /// <summary>Paths that could not be saved.</summary>
    public long FailureCount { get; set; }
    /// <summary>Of what was saved last.</summary>
    public long? Files { get; set; }
    public long? Bytes { get; set; }
    public bool Paused { get; set; }

    /// <summary>When it was first seen; what was never saved well is as old as that.</summary>
    public DateTimeOffset? Known { get; set; }

    /// <summary>Since when its last good backup is seen to be too old.</summary>
    public DateTimeOffset? Overdue { get; set; }

    /// <summary>People were told that it is too old.</summary>
    public bool Alerted { get; set; }

    /// <summary>What people were told last of its state, if that was nothing good: incomplete or failed.</summary>
    public string? Told { get; set; }

    /// <summary>Of checks: how many slices were read.</summary>
    public long Slices { get; set; }
    public RunData? Run { get; set; }
}
