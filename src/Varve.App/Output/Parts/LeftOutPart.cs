using Varve.Model.Snapshots;

namespace Varve.App.Output.Parts;

/// <summary>How many paths were left out of a snapshot on purpose, by reason.</summary>
internal sealed class LeftOutPart
{
    private readonly LeftOutCounts _counts;

    private LeftOutPart(LeftOutCounts counts) => _counts = counts;

    public long Excluded => _counts.Excluded;
    public long NotEntered => _counts.NotEntered;
    public long OtherFileSystems => _counts.OtherFileSystems;
    public long OwnDirectories => _counts.OwnDirectories;
    public long KindsNotStored => _counts.KindsNotStored;
    public long Ignored => _counts.Ignored;
    public long Tagged => _counts.Tagged;
    public long ByProperties => _counts.ByProperties;
    public long Others => _counts.Others;

    /// <summary>Null for a snapshot whose writer did not say.</summary>
    internal static LeftOutPart? Of(LeftOutCounts? counts) => counts is null ? null : new LeftOutPart(counts);
}
