namespace Varve;

/// <summary>Where a prune stands at one moment.</summary>
public sealed record PruneProgress
{
    /// <summary><c>listing</c>, <c>trees</c>, <c>packs</c>, <c>copying</c>, <c>waiting</c> or <c>deleting</c>.</summary>
    public string Phase { get; init; } = "listing";
    /// <summary>Trees that were read.</summary>
    public long Trees { get; init; }
    /// <summary>Packs that were copied from.</summary>
    public long Packs { get; init; }
    /// <summary>Packs to copy from; null before that is known.</summary>
    public long? ExpectedPacks { get; init; }
    /// <summary>Bytes that were copied.</summary>
    public long BytesCopied { get; init; }
}
