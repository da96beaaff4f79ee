using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.History.Entries;
using Varve.History;

namespace Varve.App.Output.Changes;

/// <summary>A backup, and what it did.</summary>
internal readonly struct RunLogReport : IReport<RunLogReport>
{
    private static readonly TableShape s_table = new(
        new TableColumn("STARTED", IsTime: true), new TableColumn("TOOK", IsRight: true), new TableColumn("SNAPSHOT"),
        new TableColumn("SOURCE"), new TableColumn("READ", IsRight: true), new TableColumn("STORED", IsRight: true),
        new TableColumn("WHAT"));

    private readonly KnownRun _run;

    internal RunLogReport(KnownRun run) => _run = run;

    static JsonTypeInfo<RunLogReport> IReport<RunLogReport>.Shape => ChangeShapes.Default.RunLogReport;

    private SnapshotCounts Counts => _run.Run.Counts;

    public string Type => "run";
    public string Source => _run.Source.Name;
    public string Host => _run.Source.Host;
    public string Snapshot => _run.Run.Object.ToString();
    public bool Skipped => _run.Run.IsSkipped;
    public TimeText Start => new(_run.Run.Start);
    public TimeText End => new(_run.Run.End);
    public bool Partial => _run.Run.IsPartial;
    public long New => Counts.New;
    public long Changed => Counts.Changed;
    public long Metadata => Counts.MetadataOnly;
    public long Moved => Counts.Moved;
    public long Gone => Counts.Gone;
    public long Unchanged => Counts.Unchanged;
    public long Failed => Counts.Failed;
    public long PendingFiles => Counts.PendingFiles;
    public long BytesRead => Counts.BytesRead;
    public long BytesStored => Counts.BytesStored;

    public void Print(Page page)
    {
        // A clock that went back meanwhile says nothing.
        double seconds = Math.Max(0, _run.Run.End.Seconds - _run.Run.Start.Seconds
            + ((_run.Run.End.Nanoseconds - _run.Run.Start.Nanoseconds) / 1e9));
        page.Row(s_table, page.Time(_run.Run.Start), Human.Duration(TimeSpan.FromSeconds(Math.Min(seconds, 1e9))),
            Human.Short(_run.Run.Object), NameText.Escape(Source), Human.Size(BytesRead), Human.Size(BytesStored), What());
    }

    private string What()
    {
        if (Skipped) { return "nothing had changed"; }
        string[] parts =
        [
            .. Part(New, "new"), .. Part(Changed, "changed"), .. Part(Metadata, "in metadata only"), .. Part(Moved, "moved"),
            .. Part(Gone, "gone"), .. Part(Failed, "failed"), .. Part(PendingFiles, "still to come"),
        ];
        return parts.Length == 0 ? "no differences" : string.Join(", ", parts);
    }

    private static IEnumerable<string> Part(long count, string what) => count == 0 ? [] : [$"{Human.Count(count)} {what}"];
}
