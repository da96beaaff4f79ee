using Varve.Threads;

namespace Varve.Delta;

/// <summary>Hashers that are not in use. Thread-safe.</summary>
internal sealed class HasherPool(DeltaKeys keys) : IDisposable
{
    private readonly IdlePool<BlockHasher> _idle = new();

    /// <summary>A hasher for the caller alone, until it gives it back.</summary>
    public BlockHasher Take() => _idle.Take() ?? new BlockHasher(keys);

    /// <summary>Takes a hasher back.</summary>
    public void Give(BlockHasher hasher) => _idle.Give(hasher);

    /// <inheritdoc/>
    public void Dispose() => _idle.Dispose();
}
