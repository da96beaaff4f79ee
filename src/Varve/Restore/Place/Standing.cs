using Varve.Model;
using Varve.Restore.Target;

namespace Varve.Restore.Place;

/// <summary>What was found where an entry is to be.</summary>
/// <param name="Verdict">What is to be done.</param>
/// <param name="Stat">What is there; the default if nothing is.</param>
/// <param name="KeepsInode">To be replaced, but as the file that it is: it has other names that are to stay names of it.</param>
/// <param name="WritesInto">To be replaced by writing what differs into it.</param>
internal readonly record struct Standing(PlaceVerdict Verdict, EntryStat Stat, bool KeepsInode = false, bool WritesInto = false)
{
    /// <summary>Which file is there.</summary>
    internal TargetFileId Id => TargetFileId.Of(Stat);
}
