using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.Service;

namespace Varve.App.Output.Drills;

/// <summary>What came of a drill.</summary>
internal sealed class DrillReport : IReport<DrillReport>
{
    private const int Printed = 100;

    private readonly DrillResult _result;

    internal DrillReport(DrillResult result) => _result = result;

    static JsonTypeInfo<DrillReport> IReport<DrillReport>.Shape => DrillShapes.Default.DrillReport;

    public string Type { get; } = "drill";
    public bool Ok => _result.FaultCount == 0;
    public IEnumerable<string> Snapshots => _result.Snapshots.Select(static s => s.Name.ToString());
    public long FilesInAll => _result.FilesInAll;
    public long Files => _result.Files;
    public long Bytes => _result.Bytes;
    public long Same => _result.Same;
    public long Changed => _result.Changed;
    public long Gone => _result.Gone;
    public long NotCompared => _result.NotCompared;
    public long FaultCount => _result.FaultCount;
    public IEnumerable<DrillFaultPart> Faults => _result.Faults.Select(static f => new DrillFaultPart(f));
    public int Seed => _result.Seed;

    public void Print(Page page)
    {
        foreach (DrillFault fault in _result.Faults.Take(Printed))
        {
            string place = fault.Path is { Length: > 0 } path ? NameText.Escape(path) : "all of it";
            page.Line($"  {page.Ink.Bad("fault")}: {Human.Short(fault.Snapshot.Name)}: {place}: {NameText.Printable(fault.Problem)}");
        }

        if (FaultCount > Printed) { page.Line($"  and {Human.Count(FaultCount - Printed)} more"); }
        if (page.Detail == Detail.Quiet) { return; }
        page.Line($"Restored {Human.Count(Files)} of {Human.Count(FilesInAll, "file")} ({Human.Size(Bytes)}) from "
            + Human.Count(_result.Snapshots.Count, "snapshot"));
        page.Line($"  compared  {Human.Count(Same)} the same now, {Human.Count(Changed)} changed since, {Human.Count(Gone)} gone, "
            + $"{Human.Count(NotCompared)} not compared");
        page.Line(Ok ? page.Ink.Good("All came back as it was saved.") : page.Ink.Bad(Human.Count(FaultCount, "fault") + " found."));
    }
}
