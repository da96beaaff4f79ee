namespace Varve.Backup.Packing;

/// <summary>
/// What a file would take of a budget, found out without storing anything of it: each of its chunks that is not there, compressed by
/// itself. Thread-safe.
/// </summary>
/// <param name="left">What there is.</param>
internal sealed class BudgetTrial(long left)
{
    private long _taken;

    /// <summary>Another chunk would take so many bytes.</summary>
    /// <exception cref="BudgetSpentException">That is more than there is.</exception>
    internal void Take(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes + Budget.OfChunk) > left) { throw new BudgetSpentException(); }
    }
}
