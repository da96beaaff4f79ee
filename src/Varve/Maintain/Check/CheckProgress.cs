namespace Varve;

/// <summary>Where a check stands at one moment.</summary>
public sealed record CheckProgress
{
    /// <summary><c>objects</c>, <c>packs</c> or <c>trees</c>.</summary>
    public string Phase { get; init; } = "objects";
    /// <summary>Bytes of packs read.</summary>
    public long BytesRead { get; init; }
    /// <summary>Bytes of packs to read; null before that is known.</summary>
    public long? ExpectedBytes { get; init; }
    /// <summary>Trees read.</summary>
    public long Trees { get; init; }
}
