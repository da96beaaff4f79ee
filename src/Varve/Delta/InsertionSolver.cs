namespace Varve.Delta;

/// <summary>
/// Finds where bytes were inserted into a cell of which only the hashes are known. The cells on either side tell how many bytes there are
/// now, so how many were inserted; each place where they may lie leaves a candidate for the old cell, and its rolling sum follows from that
/// of the place before. The strong hash decides. So an insertion costs the bytes that were inserted, not a cell.
/// </summary>
internal static class InsertionSolver
{
    // Sums that agree by chance or by malice: each costs a strong hash.
    private const int MaxCandidates = 16;

    /// <summary>
    /// The length of the old cell's part before the insertion, or -1. <paramref name="now"/> is what stands in the place of
    /// <paramref name="cell"/>, longer than it was; <paramref name="scratch"/> is as long as the cell.
    /// </summary>
    internal static int Solve(ReadOnlySpan<byte> now, in CellRecord cell, CellHasher hasher, Span<byte> scratch)
    {
        int length = cell.Length, inserted = now.Length - length;
        now[inserted..].CopyTo(scratch);
        Span<byte> old = scratch[..length];
        uint value = RollingSum.Of(old), a = value & 0xFFFF, b = value >> 16;
        int left = MaxCandidates;
        for (int before = 0; ; before++)
        {
            if (((a & 0xFFFF) | (b << 16)) == cell.Weak)
            {
                if (hasher.Strong(old) == cell.Strong) { return before; }
                if (--left == 0) { return -1; }
            }

            if (before == length) { return -1; }

            // The byte at this place now comes from before the insertion; its weight in b is its distance from the end.
            uint change = (uint)(now[before] - old[before]);
            old[before] = now[before];
            a += change;
            b += change * (uint)(length - before);
        }
    }
}
