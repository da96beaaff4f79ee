using Varve.Threads;

namespace Varve.Delta;

/// <summary>Hashers that are not in use. Thread-safe.</summary>
internal sealed class HasherPool(DeltaKeys keys) : IDisposable
{
    private readonly IdlePool<CellHasher> _idle = new();

    /// <summary>A hasher for the caller alone, until it gives it back.</summary>
    public CellHasher Take() => _idle.Take() ?? new CellHasher(keys);

    /// <summary>Takes a hasher back.</summary>
    public void Give(CellHasher hasher) => _idle.Give(hasher);

    /// <inheritdoc/>
    public void Dispose() => _idle.Dispose();
}
