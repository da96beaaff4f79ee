using Varve.Maintain.Plan;

namespace Varve.App.Output.Pruning;

/// <summary>One kind of pack in the report of a prune.</summary>
internal sealed class PackPart(PackFigures figures)
{
    public long Packs => figures.Packs;
    public long Bytes => figures.Bytes;
    public long UsedBytes => figures.UsedBytes;
    public long UnneededPacks => figures.UnneededPacks;
    public long UnneededBytes => figures.UnneededBytes;
    public long RepackedPacks => figures.RepackedPacks;
    public long RepackedBytes => figures.RepackedBytes;
    public long CopiedBytes => figures.CopiedBytes;
    public long SparedPacks => figures.SparedPacks;
    public long SparedBytes => figures.SparedBytes;
    public long LeftBytes => figures.LeftBytes;

    /// <summary>In a line.</summary>
    internal string Line()
    {
        var parts = new List<string>
        {
            $"{Human.Count(Packs, "pack")}, {Human.Size(Bytes)}, of which {Human.Size(UsedBytes)} are needed",
        };
        if (UnneededPacks > 0) { parts.Add($"nothing of {Human.Count(UnneededPacks, "pack")} ({Human.Size(UnneededBytes)})"); }
        if (RepackedPacks > 0)
        {
            parts.Add($"{Human.Size(CopiedBytes)} of {Human.Count(RepackedPacks, "pack")} ({Human.Size(RepackedBytes)}), worth copying");
        }

        if (SparedPacks > 0) { parts.Add($"{Human.Count(SparedPacks, "pack")} ({Human.Size(SparedBytes)}) left to a backup that may carry on"); }
        if (LeftBytes > 0) { parts.Add($"{Human.Size(LeftBytes)} not needed and not worth copying for"); }
        return string.Join("; ", parts);
    }
}
