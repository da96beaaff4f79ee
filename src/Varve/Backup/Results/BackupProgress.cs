namespace Varve;

/// <summary>Where a run stands at one moment.</summary>
public sealed record BackupProgress
{
    /// <summary>Directories seen.</summary>
    public long Directories { get; init; }
    /// <summary>Regular files dealt with.</summary>
    public long Files { get; init; }
    /// <summary>Bytes of the files dealt with, read or known.</summary>
    public long Bytes { get; init; }
    /// <summary>Bytes read.</summary>
    public long BytesRead { get; init; }
    /// <summary>Bytes sent to the store.</summary>
    public long BytesStored { get; init; }
    /// <summary>Paths that failed so far.</summary>
    public long Failed { get; init; }
    /// <summary>
    /// The file that is read at this moment, the one that takes longest if there are several: relative to the root, bytes. Null if none is,
    /// or nobody watches (<see cref="BackupMonitor.IsWatched"/>).
    /// </summary>
    public byte[]? Path { get; init; }
    /// <summary>Files to expect, from the snapshot before, or counted beside the run; null when neither is known.</summary>
    public long? ExpectedFiles { get; init; }
    /// <summary>Bytes to expect, as <see cref="ExpectedFiles"/>.</summary>
    public long? ExpectedBytes { get; init; }
    /// <summary>
    /// What the run is doing: <c>opening</c>, <c>looking for the newest</c>, <c>saving the newest</c>, <c>saving</c>, <c>finishing</c>.
    /// </summary>
    public string Phase { get; init; } = "opening";
}
