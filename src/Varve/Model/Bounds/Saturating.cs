namespace Varve.Model.Bounds;

/// <summary>
/// Sums that stay at the end of what a long holds instead of passing it. Sizes of files are whatever somebody says: two sparse files of 4
/// EiB, which any user can make, add up to more. Thread-safe.
/// </summary>
internal static class Saturating
{
    /// <summary>The sum, or the end that it would pass.</summary>
    internal static long Add(long a, long b)
    {
        long sum = unchecked(a + b);
        // It passed an end if both have one sign and the sum the other.
        return ((a ^ sum) & (b ^ sum)) < 0 ? a < 0 ? long.MinValue : long.MaxValue : sum;
    }

    /// <summary>Adds to a total that several threads add to.</summary>
    internal static void Add(ref long total, long value)
    {
        long before = Interlocked.Read(ref total);
        while (true)
        {
            long seen = Interlocked.CompareExchange(ref total, Add(before, value), before);
            if (seen == before) { return; }
            before = seen;
        }
    }

    /// <summary>The sum of all.</summary>
    internal static long Sum(IEnumerable<long> values)
    {
        long sum = 0;
        foreach (long value in values) { sum = Add(sum, value); }
        return sum;
    }
}
