namespace Varve.App.Output.Progress;

/// <summary>Where a long operation stands: what the meter needs of a backup, a restore or a check.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Noun">What <paramref name="Items"/> counts, in the plural.</param>
/// <param name="Items">Items dealt with.</param>
/// <param name="Bytes">Bytes dealt with.</param>
/// <param name="ExpectedItems">All items, if known.</param>
/// <param name="ExpectedBytes">All bytes, if known.</param>
/// <param name="Failed">Items that failed.</param>
internal readonly record struct Position(
    string Phase, string Noun, long Items, long Bytes, long? ExpectedItems, long? ExpectedBytes, long Failed)
{
    /// <summary>What is being dealt with at this moment, such as a path; null if there is nothing to name.</summary>
    internal string? At { get; init; }

    /// <summary>
    /// How much is done, 0 to 1, or null when nobody knows the end. Items and bytes count half each: small files cost by the item, large
    /// ones by the byte.
    /// </summary>
    internal double? Share
    {
        get
        {
            double? items = Part(Items, ExpectedItems), bytes = Part(Bytes, ExpectedBytes);
            return items is null ? bytes : bytes is null ? items : (items + bytes) / 2;
        }
    }

    private static double? Part(long done, long? expected) => expected is > 0 ? Math.Min(1, (double)done / expected.Value) : null;
}
