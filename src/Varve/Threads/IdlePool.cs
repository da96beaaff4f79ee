namespace Varve.Threads;

/// <summary>
/// Holds idle instances of a type that one thread may use at a time, without locks. Bounded: what finds no place is disposed. Thread-safe;
/// each thread starts looking at its own place, so that threads seldom meet.
/// </summary>
internal sealed class IdlePool<T> : IDisposable
    where T : class, IDisposable
{
    private readonly T?[] _places = new T?[Math.Clamp(Environment.ProcessorCount, 4, 64)];

    /// <summary>An idle instance, now the caller's; null if there is none.</summary>
    internal T? Take()
    {
        int start = Environment.CurrentManagedThreadId;
        for (int i = 0; i < _places.Length; i++)
        {
            ref T? place = ref _places[(start + i) % _places.Length];
            if (place is not null && Interlocked.Exchange(ref place, null) is { } instance) { return instance; }
        }

        return null;
    }

    /// <summary>Gives an instance for the next to take.</summary>
    internal void Give(T instance)
    {
        int start = Environment.CurrentManagedThreadId;
        for (int i = 0; i < _places.Length; i++)
        {
            ref T? place = ref _places[(start + i) % _places.Length];
            if (place is null && Interlocked.CompareExchange(ref place, instance, null) is null) { return; }
        }

        instance.Dispose();
    }

    /// <summary>Disposes what is idle.</summary>
    public void Dispose()
    {
        while (Take() is { } instance) { instance.Dispose(); }
    }
}
