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
    /// <summary>Files to expect, from the snapshot before; null when there is none.</summary>
    public long? ExpectedFiles { get; init; }
    /// <summary>Bytes to expect, from the snapshot before; null when there is none.</summary>
    public long? ExpectedBytes { get; init; }
    /// <summary>
    /// What the run is doing: <c>opening</c>, <c>looking for the newest</c>, <c>saving the newest</c>, <c>saving</c>, <c>finishing</c>.
    /// </summary>
    public string Phase { get; init; } = "opening";
}
