using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.Maintain.Prune;

namespace Varve.App.Output.Pruning;

/// <summary>What was taken back of a prune.</summary>
internal sealed class PruneUndoneReport(PruneUndone undone) : IReport<PruneUndoneReport>
{
    static JsonTypeInfo<PruneUndoneReport> IReport<PruneUndoneReport>.Shape => PruningShapes.Default.PruneUndoneReport;

    public long Lists => undone.Lists;
    public long Packs => undone.Packs;
    public long Bytes => undone.Bytes;
    public long Gone => undone.Gone;
    public long Others => undone.Others;

    public void Print(Page page)
    {
        page.Done(Lists == 0 ? "Nothing was condemned that could be taken back."
            : $"{Human.Count(Packs, "pack")}, {Human.Size(Bytes)}, condemned no longer"
            + (Gone > 0 ? $"; {Human.Count(Gone, "pack")} had been deleted already." : "."));
        if (Others > 0)
        {
            page.Done($"{Human.Count(Others, "list")} of other prunes left as they are: they may be at work. Undo them where they were begun.");
        }
    }
}
