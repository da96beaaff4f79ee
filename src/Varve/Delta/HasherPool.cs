using System.Collections.Concurrent;

namespace Varve.Delta;

/// <summary>Hashers that are not in use: as many come to be as threads hash at once. Thread-safe.</summary>
public sealed class HasherPool(DeltaKeys keys) : IDisposable
{
    private readonly ConcurrentBag<BlockHasher> _idle = [];

    /// <summary>A hasher for the caller alone, until it gives it back.</summary>
    public BlockHasher Take() => _idle.TryTake(out BlockHasher? hasher) ? hasher : new BlockHasher(keys);

    /// <summary>Takes a hasher back.</summary>
    public void Give(BlockHasher hasher) => _idle.Add(hasher);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out BlockHasher? hasher)) { hasher.Dispose(); }
    }
}
