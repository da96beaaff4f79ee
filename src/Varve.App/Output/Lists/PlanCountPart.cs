using Varve.Archives.Plan;

namespace Varve.App.Output.Lists;

/// <summary>Files of a plan, and their bytes.</summary>
internal readonly struct PlanCountPart
{
    private readonly PlanCounts _counts;

    internal PlanCountPart(PlanCounts counts) => _counts = counts;

    public long Files => _counts.Files;
    public long Bytes => _counts.Bytes;

    /// <summary>In words.</summary>
    internal string Words() => $"{Human.Count(Files, "file")}, {Human.Size(Bytes)}";
}
