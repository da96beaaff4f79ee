namespace Varve.Backup.Content;

/// <summary>
/// A piece of a large file in memory, shared by the cutter that filled it and the jobs whose chunks lie in it, so that no chunk is copied
/// before it is hashed. Goes back to its pool when the last of them lets go. The bytes must not change while anyone but the cutter holds
/// it. Counting is thread-safe.
/// </summary>
internal sealed class Slab(SlabPool pool, byte[] bytes)
{
    private int _holders;

    /// <summary>The memory, all of it.</summary>
    internal byte[] Bytes => bytes;

    /// <summary>A holder more.</summary>
    internal void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>A holder less.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) { pool.Return(this); }
    }
}
