using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.Maintain.Prune;

namespace Varve.App.Output.Pruning;

/// <summary>What a prune found and did.</summary>
internal sealed class PruneReport : IReport<PruneReport>
{
    private const int Printed = 10;

    private static readonly TableShape s_table = new(new TableColumn("WHAT"), new TableColumn("HOW MUCH")) { HasHeadings = false };

    private readonly PruneResult _result;
    private readonly NextCommand _next;

    internal PruneReport(PruneResult result, NextCommand? next = null) => (_result, _next) = (result, next ?? NextCommand.Plain);

    static JsonTypeInfo<PruneReport> IReport<PruneReport>.Shape => PruningShapes.Default.PruneReport;

    public string Outcome => _result.Outcome switch { PruneOutcome.Done => "done", PruneOutcome.Waiting => "waiting", _ => "dryRun" };
    public bool Unchanged => _result.Unchanged;
    public long Snapshots => _result.Snapshots;
    public long RemovedSnapshots => _result.RemovedSnapshots;
    public PackPart Data => new(_result.Data);
    public PackPart Meta => new(_result.Meta);
    public long UnnamedPacks => _result.UnnamedPacks;
    public long UnnamedBytes => _result.UnnamedBytes;
    public long DeletedPacks => _result.DeletedPacks;
    public long DeletedBytes => _result.DeletedBytes;
    public long NewPacks => _result.NewPacks;
    public long NewBytes => _result.NewBytes;
    public long CondemnedPacks => _result.CondemnedPacks;
    public long CondemnedBytes => _result.CondemnedBytes;
    public IEnumerable<WaitPart> WaitingFor => _result.WaitingFor.Select(static w => new WaitPart(w));
    public TimeText? KeptUntil => _result.KeptUntil is { } until ? new TimeText(FileTime.From(until)) : null;
    public long FencedSessions => _result.FencedSessions;
    public long SupersededRuns => _result.SupersededRuns;
    public long NeededBytes => _result.NeededBytes;
    public long UnreadablePacks => _result.UnreadablePacks;
    public IReadOnlyList<string> Unknown => _result.Unknown;
    public long UnknownCount => _result.UnknownCount;

    public void Print(Page page)
    {
        if (page.Detail == Detail.Full) { PrintFigures(page); }
        PrintUnknown(page);
        page.Done(Verdict());
        foreach (WaitPart wait in WaitingFor) { page.Done("  " + wait.Line()); }
        if (_result.Outcome != PruneOutcome.Waiting) { return; }
        if (_result.KeptUntil is { } until) { page.Done($"  kept until {page.ZonedTime(FileTime.From(until))}, as asked for"); }
        page.Remark("what is condemned is deleted by a later prune", $"{_next.Of("prune")}; to take it back: {_next.Of("prune", "--undo")}");
    }

    private void PrintFigures(Page page)
    {
        page.Row(s_table, "snapshots", Human.Count(Snapshots) + (RemovedSnapshots == 0 ? ""
            : $"; {Human.Count(RemovedSnapshots)} that had been forgotten were still there and are removed"));
        page.Row(s_table, "data", Data.Line());
        page.Row(s_table, "metadata", Meta.Line());
        if (UnnamedPacks > 0) { page.Row(s_table, "unfinished", $"{Human.Count(UnnamedPacks, "pack")}, {Human.Size(UnnamedBytes)}, that no index run names"); }
        if (NewPacks > 0) { page.Row(s_table, "copied", $"{Human.Size(NewBytes)} into {Human.Count(NewPacks, "new pack")}"); }
        if (SupersededRuns > 0) { page.Row(s_table, "index", Human.Count(SupersededRuns, "run") + " put together"); }
        if (FencedSessions > 0)
        {
            page.Row(s_table, "given up", Human.Count(FencedSessions, "session") + " without a sign of life: a backup that lives carries on in another");
        }

        if (UnreadablePacks > 0) { page.Row(s_table, "unreadable", Human.Count(UnreadablePacks, "pack") + ", left as they are"); }
        if (NeededBytes > 0) { page.Row(s_table, "room", $"{Human.Size(NeededBytes)} more would have to be free for what else is worth copying"); }
    }

    private void PrintUnknown(Page page)
    {
        if (UnknownCount == 0) { return; }
        page.Done($"{Human.Count(UnknownCount, "object")} that no repository has, left alone:");
        foreach (string key in Unknown.Take(Printed)) { page.Done("  " + NameText.Printable(key)); }
        if (UnknownCount > Printed) { page.Done($"  and {Human.Count(UnknownCount - Printed)} more"); }
    }

    private string Verdict()
    {
        if (_result.Outcome == PruneOutcome.DryRun)
        {
            long packs = Data.UnneededPacks + Meta.UnneededPacks + Data.RepackedPacks + Meta.RepackedPacks + UnnamedPacks;
            long bytes = Data.UnneededBytes + Meta.UnneededBytes + Data.RepackedBytes + Meta.RepackedBytes + UnnamedBytes;
            long copied = Data.CopiedBytes + Meta.CopiedBytes;
            return packs == 0 ? "Nothing would be deleted."
                : $"{Human.Count(packs, "pack")}, {Human.Size(bytes)}, would be deleted and {Human.Size(copied)} of them copied before: "
                + $"{Human.Size(bytes - copied)} would be freed.";
        }

        string deleted = DeletedPacks == 0 ? "Nothing was deleted" + (Unchanged ? ": nothing has changed since the last prune" : "")
            : $"{Human.Count(DeletedPacks, "pack")}, {Human.Size(DeletedBytes)}, deleted; {Human.Size(DeletedBytes - NewBytes)} freed";
        return _result.Outcome == PruneOutcome.Done ? deleted + "."
            : $"{deleted}. {Human.Count(CondemnedPacks, "pack")}, {Human.Size(CondemnedBytes)}, condemned"
            + (_result.WaitingFor.Count > 0 ? ", and not deleted while somebody is at work who may rely on them:" : ":");
    }
}
