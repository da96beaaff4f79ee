namespace Varve;

/// <summary>Where a restore stands at one moment.</summary>
public sealed record RestoreProgress
{
    /// <summary>Files written.</summary>
    public long Files { get; init; }
    /// <summary>Bytes written.</summary>
    public long Bytes { get; init; }
    /// <summary>Paths that failed so far.</summary>
    public long Failed { get; init; }
    /// <summary>Files to expect; null when only a part is restored.</summary>
    public long? ExpectedFiles { get; init; }
    /// <summary>Bytes to expect; null when only a part is restored.</summary>
    public long? ExpectedBytes { get; init; }
    /// <summary><c>opening</c>, <c>writing</c> or <c>finishing</c>.</summary>
    public string Phase { get; init; } = "opening";
}
