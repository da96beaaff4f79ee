namespace Varve.Maintain.Findings;

/// <summary>Where a check stands. Thread-safe.</summary>
internal sealed class CheckMonitor
{
    private long _bytesRead, _bytesToRead, _packs, _packsToCheck, _trees, _treesExpected = -1, _damaged;
    private volatile string _phase = "objects";
    private volatile string? _at;

    /// <summary>
    /// Called for each pack that was looked at, each snapshot that is followed and each damage, by the threads of the check, several at
    /// once. Nothing is done for it when it is null, which is the default.
    /// </summary>
    internal Action<CheckStep>? Step { get; init; }

    /// <summary>A snapshot of the counters.</summary>
    public CheckProgress Read()
    {
        long expected = Interlocked.Read(ref _bytesToRead);
        return new CheckProgress
        {
            Phase = _phase, BytesRead = Interlocked.Read(ref _bytesRead), ExpectedBytes = expected > 0 ? expected : null,
            Packs = Interlocked.Read(ref _packs), ExpectedPacks = Interlocked.Read(ref _packsToCheck) is var packs and > 0 ? packs : null,
            Trees = Interlocked.Read(ref _trees), Damaged = Interlocked.Read(ref _damaged), At = _at,
            ExpectedTrees = Interlocked.Read(ref _treesExpected) is var trees and >= 0 ? trees : null,
        };
    }

    internal long BytesRead => Interlocked.Read(ref _bytesRead);

    internal void Enter(string phase)
    {
        _at = null;
        _phase = phase;
    }

    internal void Expect(long packs, long bytes)
    {
        Interlocked.Exchange(ref _packsToCheck, packs);
        Interlocked.Exchange(ref _bytesToRead, bytes);
    }

    internal void ExpectTrees(long trees) => Interlocked.Exchange(ref _treesExpected, trees);

    /// <summary>The check has come to an object.</summary>
    internal void At(string name) => _at = name;

    /// <summary>A pack was looked at.</summary>
    internal void AddPack(string key)
    {
        Interlocked.Increment(ref _packs);
        Step?.Invoke(new CheckStep(key, null));
    }

    /// <summary>The check follows a snapshot.</summary>
    internal void BeginSnapshot(string name, int number, int all)
    {
        _at = $"snapshot {name} ({number} of {all})";
        Step?.Invoke(new CheckStep($"snapshot {name}", null));
    }

    internal void AddDamage(string name, string problem)
    {
        Interlocked.Increment(ref _damaged);
        Step?.Invoke(new CheckStep(name, problem));
    }

    internal void AddRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    internal void AddTree() => Interlocked.Increment(ref _trees);
}
