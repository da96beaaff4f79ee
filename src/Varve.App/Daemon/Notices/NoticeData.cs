namespace Varve.App.Daemon.Notices;

/// <summary>What people are to be told, as it lies on the disk until they were.</summary>
internal sealed class NoticeData
{
    /// <summary>One of <see cref="NoticeEvents"/>.</summary>
    public required string Event { get; init; }

    /// <summary>What it is about, and of which kind that is.</summary>
    public required string Job { get; init; }
    public required string Kind { get; init; }
    public required DateTimeOffset Time { get; init; }

    /// <summary>What it comes of: when the run began, or was found to be missing. What is decided twice is the same by it.</summary>
    public required DateTimeOffset Since { get; init; }
    public string? Message { get; init; }
    public string? Hint { get; init; }
    public DateTimeOffset? LastGood { get; init; }

    /// <summary>Who was told: <see cref="Channel.Id"/> of each.</summary>
    public List<string> Done { get; init; } = [];
}
