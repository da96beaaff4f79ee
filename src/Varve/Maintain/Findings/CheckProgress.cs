namespace Varve.Maintain.Findings;

/// <summary>Where a check stands at one moment.</summary>
internal sealed record CheckProgress
{
    /// <summary><c>objects</c>, <c>packs</c> or <c>trees</c>.</summary>
    public string Phase { get; init; } = "objects";
    /// <summary>Bytes of packs read.</summary>
    public long BytesRead { get; init; }
    /// <summary>Bytes of packs to read; null before that is known.</summary>
    public long? ExpectedBytes { get; init; }
    /// <summary>Packs looked at.</summary>
    public long Packs { get; init; }
    /// <summary>Packs to look at; null before that is known.</summary>
    public long? ExpectedPacks { get; init; }
    /// <summary>Trees read.</summary>
    public long Trees { get; init; }
    /// <summary>
    /// Trees to read, as far as snapshots tell: for each source, the directories of its largest one. Null before that is known.
    /// </summary>
    public long? ExpectedTrees { get; init; }
    /// <summary>Damages found.</summary>
    public long Damaged { get; init; }
    /// <summary>What is looked at, in words; null if there is nothing to name.</summary>
    public string? At { get; init; }
}
