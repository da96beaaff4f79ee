using Varve.Model;

namespace Varve.Backup.Passes;

/// <summary>The files that one pass reads before others, by their age. Immutable; thread-safe.</summary>
/// <param name="Order">Tells the age.</param>
/// <param name="Floor">The least number that is one of them.</param>
/// <param name="Top">The least that is not one of them any more: those were read, or did not fit.</param>
/// <param name="IsExact">
/// Whether they are read in their order, and are few enough for that; else in the order of the disk, as all fit, or there is no budget.
/// </param>
/// <param name="Older">Counts what lies below the floor.</param>
internal sealed record AgeBand(AgeOrder Order, AgeNumber Floor, AgeNumber Top, bool IsExact, AgeHistogram Older)
{
    internal bool Has(in EntryStat stat) => Has(Order.Of(in stat));

    internal bool Has(AgeNumber number) => number >= Floor && number < Top;
}
