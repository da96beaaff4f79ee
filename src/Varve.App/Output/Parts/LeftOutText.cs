using System.Globalization;
using Varve.Model.Snapshots;

namespace Varve.App.Output.Parts;

/// <summary>What people are told of what was left out on purpose.</summary>
internal static class LeftOutText
{
    /// <summary>Why a path was left out.</summary>
    internal static string Of(LeftOutEntry entry) => entry.Reason switch
    {
        LeftOutReason.Excluded when entry.Rule is null => "excluded by a rule",
        LeftOutReason.Excluded => $"excluded by '{entry.Rule}'{Place(entry)}",
        LeftOutReason.NotEntered => "another file system or subvolume, stored without what is in it",
        LeftOutReason.OtherFileSystem => "another file system",
        LeftOutReason.OwnDirectory => "Varve's own",
        LeftOutReason.KindNotStored => "of a kind that was not stored",
        LeftOutReason.Ignored => $"left out by '{entry.Rule}'{Place(entry)}",
        LeftOutReason.Tagged => $"stored without what is beside its {entry.Rule ?? "tag"}",
        LeftOutReason.Property => entry.Rule ?? "left out for what it is",
        LeftOutReason.Failed => "failed",
        LeftOutReason.Pending => "still to come",
        _ => "for another reason",
    };

    private static string Place(LeftOutEntry entry) =>
        entry.File is not null ? $" ({entry.File}:{entry.Line.ToString(CultureInfo.InvariantCulture)})"
        : entry.Origin == RuleOrigin.Configuration ? " of the configuration" : "";

    /// <summary>How much, in one line; null if there is nothing.</summary>
    internal static string? Line(LeftOutCounts? counts)
    {
        if (counts is null) { return null; }
        List<string> parts = [];
        if (counts.Excluded > 0) { parts.Add($"{Human.Count(counts.Excluded)} by rules"); }
        long systems = counts.NotEntered + counts.OtherFileSystems;
        if (systems > 0) { parts.Add(Human.Count(systems, "other file system")); }
        if (counts.OwnDirectories > 0) { parts.Add($"{Human.Count(counts.OwnDirectories)} of Varve's own"); }
        if (counts.Ignored > 0) { parts.Add($"{Human.Count(counts.Ignored)} by ignore files"); }
        if (counts.Tagged > 0) { parts.Add($"{Human.Count(counts.Tagged)} by tags"); }
        if (counts.ByProperties > 0) { parts.Add($"{Human.Count(counts.ByProperties)} by size, time or attributes"); }
        long more = counts.KindsNotStored + counts.Others;
        if (more > 0) { parts.Add($"{Human.Count(more)} for other reasons"); }
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }
}
