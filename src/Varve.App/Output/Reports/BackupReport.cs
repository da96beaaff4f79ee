using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>What a backup did: <c>type</c>, then the snapshot, then the run.</summary>
internal sealed class BackupReport : SnapshotReport, IReport<BackupReport>
{
    private const int Run = 1;

    private static readonly TableShape s_rows =
        new(new TableColumn("WHAT"), new TableColumn("HOW MUCH")) { HasHeadings = false, Indent = 2 };

    private readonly BackupResult _result;
    private readonly NextCommand _next;

    internal BackupReport(BackupResult result, NextCommand? next = null) : base(result.Name, result.Snapshot)
    {
        _result = result;
        _next = next ?? NextCommand.Plain;
    }

    static JsonTypeInfo<BackupReport> IReport<BackupReport>.Shape => ReportShapes.Default.BackupReport;

    [JsonPropertyOrder(-1)]
    public string Type => "backup";
    [JsonPropertyOrder(Run)]
    public bool NothingChanged => _result.NothingChanged;
    [JsonPropertyOrder(Run)]
    public bool Skipped => _result.IsSkipped;
    [JsonPropertyOrder(Run)]
    public bool Resumed => _result.Resumed;
    [JsonPropertyOrder(Run)]
    public long Torn => _result.Torn;
    [JsonPropertyOrder(Run)]
    public long Unstable => _result.Unstable;
    [JsonPropertyOrder(Run)]
    public long DeltaFiles => _result.DeltaFiles;
    [JsonPropertyOrder(Run)]
    public long DeltaBytes => _result.DeltaBytes;
    [JsonPropertyOrder(Run)]
    public double Seconds => Math.Round(_result.Elapsed.TotalSeconds, 3);
    [JsonPropertyOrder(Run)]
    public long FailureCount => _result.FailureCount;
    [JsonPropertyOrder(Run)]
    public IEnumerable<FailureReport> Failures => FailureReport.Of(_result.Failures);
    [JsonPropertyOrder(Run)]
    public IEnumerable<PendingReport> Pending => _result.Pending.Select(static f => new PendingReport(f, default));
    [JsonPropertyOrder(Run)]
    public IReadOnlyList<string> UnmatchedExcludes => _result.UnmatchedExcludes;
    [JsonPropertyOrder(Run)]
    public IEnumerable<string> Notes => _result.Notes.Select(n => AdviceText.Line(n, _next));

    /// <summary>On standard error what went wrong, then a line or a few.</summary>
    public new void Print(Page page)
    {
        foreach (Notice note in _result.Notes) { page.Remark(note.ToString(), AdviceText.Of(note, _next)); }
        FailureText.Print(page.Status, _result.Failures, FailureCount);
        if (page.Detail == Detail.Quiet) { return; }
        string source = _result.Snapshot.Private is { } p ? $" of {NameText.Escape(p.Source)} ({NameText.Escape(p.RootPath)}{Mapped(p)})" : "";
        bool isOneLine = page.Detail == Detail.Line || (NothingChanged && FailureCount == 0 && !Partial);
        if (isOneLine) { page.Line(Heading() + source + ": " + Line()); }
        else
        {
            page.Line(Heading() + source + (Partial ? ": partial, more is to come" : NothingChanged ? ": nothing changed" : ""));
            PrintRows(page);
        }
    }

    private string Heading() => Skipped ? "No snapshot" : $"Snapshot {Human.Short(_result.Name)}";

    private string Line()
    {
        string since = Skipped ? $" since {Human.Short(_result.Name)}" : "";
        // Of an unchanged tree only what was lost in the repository is stored.
        string anew = BytesStored > 0 ? $"; {Human.Size(BytesStored)} stored anew" : "";
        string what = NothingChanged ? $"nothing changed{since}; {Human.Count(Files, "file")}, {Human.Size(Bytes)}{anew}"
            : $"{Entries(", ")}; {Human.Count(Files, "file")}, {Human.Size(Bytes)}; {Human.Size(BytesStored)} stored";
        string line = $"{what} in {Human.Duration(_result.Elapsed)}";
        if (Partial) { line += $"; partial, {Human.Count(PendingFiles, "file")} to come"; }
        if (FailureCount > 0) { line += $"; {Human.Count(FailureCount)} failed"; }
        return Unstable > 0 ? $"{line}; {Human.Count(Unstable)} not seen to hold still" : line;
    }

    private string Entries(string unchanged)
    {
        string metadata = MetadataOnly > 0 ? $", {Human.Count(MetadataOnly)} with new metadata" : "";
        string moved = Moved > 0 ? $", {Human.Count(Moved)} moved" : "";
        return $"{Human.Count(New)} new, {Human.Count(Changed)} changed{metadata}{moved}{unchanged}{Human.Count(Gone)} gone";
    }

    private void PrintRows(Page page)
    {
        page.Row(s_rows, "holds", $"{Human.Count(Files, "file")}, {Human.Count(Directories, "directory", "directories")}, {Human.Size(Bytes)}");
        page.Row(s_rows, "entries", Entries($", {Human.Count(Unchanged)} unchanged, "));
        page.Row(s_rows, "data", $"{Human.Size(BytesRead)} read, {Human.Size(BytesAdded)} added, {Human.Size(BytesStored)} stored");
        if (DeltaBytes > 0)
        {
            page.Row(s_rows, "deltas", $"{Human.Size(DeltaBytes)} of {Human.Count(DeltaFiles, "changed file")} as stored before");
        }

        double seconds = Math.Max(0.001, _result.Elapsed.TotalSeconds);
        string rate = NothingChanged ? "" : $" ({Human.Size((long)(BytesRead / seconds))}/s read)";
        page.Row(s_rows, "time",
            $"{Human.Duration(_result.Elapsed)}{rate}{(Resumed ? ", carrying on from an interrupted backup" : "")}");
        if (PendingFiles > 0)
        {
            page.Row(s_rows, "to come", $"{Human.Count(PendingFiles, "file")}, {Human.Size(PendingBytes)}: the next backup goes on");
        }

        if (LeftOutText.Line(_result.Snapshot.Counts.LeftOut) is { } leftOut)
        {
            page.Row(s_rows, "left out", $"{leftOut}: {_next.Of("failures", "--left-out")}");
        }

        if (Unstable > 0)
        {
            string torn = Torn > 0 ? $", {Human.Count(Torn)} of them stored torn" : "";
            page.Row(s_rows, "unstable", $"{Human.Count(Unstable, "file")} not seen to hold still{torn}: {_next.Of("unstable")}");
        }

        if (FailureCount > Torn)
        {
            page.Row(s_rows, page.Ink.Bad("failed"), $"{Human.Count(FailureCount - Torn, "path")} could not be saved");
        }
    }

    private static string Mapped(SnapshotPrivate p) =>
        p.RootPath.AsSpan().SequenceEqual(p.CanonicalRoot) ? "" : " as " + NameText.Escape(p.CanonicalRoot);
}
