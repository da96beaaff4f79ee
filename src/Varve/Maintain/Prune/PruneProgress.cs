namespace Varve.Maintain.Prune;

/// <summary>Where a prune stands at one moment.</summary>
internal sealed record PruneProgress
{
    /// <summary><c>listing</c>, <c>trees</c>, <c>packs</c>, <c>copying</c>, <c>waiting</c> or <c>deleting</c>.</summary>
    internal string Phase { get; init; } = "listing";
    /// <summary>Trees that were read.</summary>
    internal long Trees { get; init; }
    /// <summary>Packs that were copied from.</summary>
    internal long Packs { get; init; }
    /// <summary>Packs to copy from; null before that is known.</summary>
    internal long? ExpectedPacks { get; init; }
    /// <summary>Bytes that were copied.</summary>
    internal long BytesCopied { get; init; }
}
