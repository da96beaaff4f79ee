namespace Varve.Catalog.Tables;

/// <summary>A count of rows and the wrapping sum of their sums, for the current ones and for all.</summary>
internal readonly record struct Tally(long Live, long LiveSum, long Total, long TotalSum)
{
    /// <summary>One row.</summary>
    public static Tally Of(int sum, bool live) => live ? new Tally(1, sum, 1, sum) : new Tally(0, 0, 1, sum);

    /// <summary>The sum of two.</summary>
    public Tally Plus(in Tally other) => unchecked(
        new Tally(Live + other.Live, LiveSum + other.LiveSum, Total + other.Total, TotalSum + other.TotalSum));

    /// <summary>The difference of two.</summary>
    public Tally Minus(in Tally other) => unchecked(
        new Tally(Live - other.Live, LiveSum - other.LiveSum, Total - other.Total, TotalSum - other.TotalSum));
}
