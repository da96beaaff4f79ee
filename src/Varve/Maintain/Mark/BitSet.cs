namespace Varve.Maintain.Mark;

/// <summary>A bit for each of a fixed number of things. Not thread-safe.</summary>
internal sealed class BitSet(long count)
{
    private readonly ulong[] _words = new ulong[(count + 63) / 64];

    internal bool this[uint i] => (_words[i >> 6] & (1UL << (int)(i & 63))) != 0;

    /// <summary>Sets a bit; false if it was set.</summary>
    internal bool Set(uint i)
    {
        ref ulong word = ref _words[i >> 6];
        ulong bit = 1UL << (int)(i & 63);
        if ((word & bit) != 0) { return false; }
        word |= bit;
        return true;
    }
}
