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
    /// <summary>A file that is written to at this moment, relative to the target, bytes; null if none is, or nobody watches.</summary>
    public byte[]? Path { get; init; }
    /// <summary>Files to expect; null while that is not known: of a part of a snapshot they are counted first.</summary>
    public long? ExpectedFiles { get; init; }
    /// <summary>Bytes to expect, as <see cref="ExpectedFiles"/>.</summary>
    public long? ExpectedBytes { get; init; }
    /// <summary><c>opening</c>, <c>writing</c> or <c>finishing</c>.</summary>
    public string Phase { get; init; } = "opening";
}
