namespace Varve.Backup.Content;

/// <summary>
/// The slabs of a run: at most so many, made when first needed, so that large files take the same memory whatever their size and number.
/// Thread-safe.
/// </summary>
internal sealed class SlabPool(int slabs, int slabLength)
{
    /// <summary>What is long enough, in bytes, to read in one call and to keep all workers at it.</summary>
    internal const int SlabLength = 4 << 20;

    private readonly Stack<Slab> _idle = new(); // its own lock
    private int _made;

    /// <summary>A slab held once, by the caller; null while all are in use: then run jobs that wait, which frees some.</summary>
    internal Slab? TryRent()
    {
        Slab? slab;
        lock (_idle)
        {
            if (!_idle.TryPop(out slab))
            {
                if (_made == slabs) { return null; }
                _made++;
                slab = new Slab(this, GC.AllocateUninitializedArray<byte>(slabLength));
            }
        }

        slab.Hold();
        return slab;
    }

    internal void Return(Slab slab)
    {
        lock (_idle)
        {
            _idle.Push(slab);
            Monitor.PulseAll(_idle);
        }
    }

    /// <summary>Waits a moment for a slab to come back: for who has no job to run meanwhile.</summary>
    internal void Await()
    {
        lock (_idle)
        {
            if (_idle.Count == 0) { Monitor.Wait(_idle, 10); }
        }
    }
}
