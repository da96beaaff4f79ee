using Varve.History.Differences;
using Varve.Model;

namespace Varve.History.Revisions;

/// <summary>One revision of an entry, with where it lies in the catalog. Immutable.</summary>
/// <param name="Directory">The directory it lies in.</param>
/// <param name="Name">Its name there, bytes.</param>
/// <param name="First">The number of the first snapshot that has it.</param>
/// <param name="Last">The first that has it no more; long.MaxValue while it is current.</param>
/// <param name="Stat">Its stat.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Details">Its details, encoded.</param>
internal sealed record RevisionRow(
    long Directory, byte[] Name, long First, long Last, EntryStat Stat, EntryFlags Flags, byte[] Details)
{
    /// <summary>Whether another is of the same name.</summary>
    internal bool HasNameOf(RevisionRow other) => Directory == other.Directory && Name.AsSpan().SequenceEqual(other.Name);

    /// <summary>Whether another may be the same entry under another name.</summary>
    internal bool IsSameEntry(RevisionRow other)
    {
        (EntryStat stat, EntryStat otherStat) = (Stat, other.Stat);
        return EntryComparer.IsSameEntry(in stat, Details, in otherStat, other.Details);
    }
}
