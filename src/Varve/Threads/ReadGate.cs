namespace Varve.Threads;

/// <summary>
/// Lets readers that take no lock be waited for: whoever unpublished something waits until all who may have seen it have left (as RCU's
/// grace period does, McKenney and Slingwine 1998). Entering and leaving cost one atomic operation each, on a cache line that processors
/// seldom share. Thread-safe.
/// <para>Invariant: a reader is inside before it reads what is published. So one that was not inside, after that was replaced, does not
/// have it.</para>
/// </summary>
internal sealed class ReadGate
{
    private const int Slots = 16, Stride = 16; // 128 bytes: a cache line and the one the processor fetches with it

    private readonly long[] _inside = new long[Slots * Stride];

    /// <summary>Goes in; returns what to give to <see cref="Leave"/>. May be nested.</summary>
    internal int Enter()
    {
        int slot = (Thread.GetCurrentProcessorId() & (Slots - 1)) * Stride;
        Interlocked.Increment(ref _inside[slot]);
        return slot;
    }

    /// <summary>Goes out.</summary>
    internal void Leave(int slot) => Interlocked.Decrement(ref _inside[slot]);

    /// <summary>Waits until all who were inside when it was called have left. Not to be called from inside.</summary>
    internal void WaitForReaders()
    {
        Interlocked.MemoryBarrier();
        for (int slot = 0; slot < _inside.Length; slot += Stride)
        {
            var spin = new SpinWait();
            while (Volatile.Read(ref _inside[slot]) != 0) { spin.SpinOnce(); }
        }
    }
}
