namespace Varve.Maintain.Prune;

/// <summary>Where a prune stands. Thread-safe.</summary>
internal sealed class PruneMonitor
{
    private long _trees, _packs, _packsToCopy = -1, _bytes;
    private volatile string _phase = "listing";

    /// <summary>A snapshot of the counters.</summary>
    internal PruneProgress Read() => new()
    {
        Phase = _phase, Trees = Interlocked.Read(ref _trees), Packs = Interlocked.Read(ref _packs),
        ExpectedPacks = Interlocked.Read(ref _packsToCopy) is var packs and >= 0 ? packs : null, BytesCopied = Interlocked.Read(ref _bytes),
    };

    internal void Enter(string phase) => _phase = phase;

    internal void ExpectPacks(long packs) => Interlocked.Exchange(ref _packsToCopy, packs);

    internal void AddTree() => Interlocked.Increment(ref _trees);

    internal void AddPack() => Interlocked.Increment(ref _packs);

    internal void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
