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
    public long Others => _counts.Others;

    /// <summary>Null for a snapshot whose writer did not say.</summary>
    internal static LeftOutPart? Of(LeftOutCounts? counts) => counts is null ? null : new LeftOutPart(counts);

    /// <summary>In one line; null if there is nothing.</summary>
    internal static string? Line(LeftOutCounts? counts)
    {
        if (counts is null) { return null; }
        List<string> parts = [];
        if (counts.Excluded > 0) { parts.Add($"{Human.Count(counts.Excluded)} by rules"); }
        long systems = counts.NotEntered + counts.OtherFileSystems;
        if (systems > 0) { parts.Add(Human.Count(systems, "other file system")); }
        if (counts.OwnDirectories > 0) { parts.Add($"{Human.Count(counts.OwnDirectories)} of Varve's own"); }
        long more = counts.KindsNotStored + counts.Others;
        if (more > 0) { parts.Add($"{Human.Count(more)} for other reasons"); }
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }
}
