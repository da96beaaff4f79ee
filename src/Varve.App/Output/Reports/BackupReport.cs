using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.Backup;
using Varve.Model;

namespace Varve.App.Output.Reports;

/// <summary>What a backup did: <c>type</c>, then the snapshot, then the run.</summary>
internal sealed class BackupReport(BackupResult result) : SnapshotReport(result.Name, result.Snapshot), IReport<BackupReport>
{
    private const int Run = 1;

    static JsonTypeInfo<BackupReport> IReport<BackupReport>.Shape => ReportShapes.Default.BackupReport;

    [JsonPropertyOrder(-1)]
    public string Type => "backup";
    [JsonPropertyOrder(Run)]
    public bool NothingChanged => result.NothingChanged;
    [JsonPropertyOrder(Run)]
    public bool Resumed => result.Resumed;
    [JsonPropertyOrder(Run)]
    public long Torn => result.Torn;
    [JsonPropertyOrder(Run)]
    public long Unstable => result.Unstable;
    [JsonPropertyOrder(Run)]
    public long DeltaFiles => result.DeltaFiles;
    [JsonPropertyOrder(Run)]
    public long DeltaBytes => result.DeltaBytes;
    [JsonPropertyOrder(Run)]
    public double Seconds => Math.Round(result.Elapsed.TotalSeconds, 3);
    [JsonPropertyOrder(Run)]
    public long FailureCount => result.FailureCount;
    [JsonPropertyOrder(Run)]
    public IEnumerable<FailureReport> Failures => FailureReport.Of(result.Failures);
    [JsonPropertyOrder(Run)]
    public IEnumerable<PendingReport> Pending => result.Pending.Select(static f => new PendingReport(f, default));
    [JsonPropertyOrder(Run)]
    public IEnumerable<string> Notes => result.Notes.Select(static n => AdviceText.Line(n));

    /// <summary>A few lines, and on standard error what went wrong.</summary>
    public new void Print(Page page)
    {
        Snapshot snapshot = result.Snapshot;
        string source = snapshot.Private is { } p ? $" of {NameText.Escape(p.Source)} ({NameText.Escape(p.RootPath)}{Mapped(p)})" : "";
        string verdict = Partial ? ": partial, more is to come" : NothingChanged ? ": nothing changed" : "";
        page.Line($"Snapshot {Human.Short(result.Name)}{source}{verdict}");
        page.Line($"  holds    {Human.Count(Files, "file")}, {Human.Count(Directories, "directory", "directories")}, {Human.Size(Bytes)}");
        string metadata = MetadataOnly > 0 ? $", {Human.Count(MetadataOnly)} with new metadata" : "";
        string moved = Moved > 0 ? $", {Human.Count(Moved)} moved" : "";
        page.Line($"  entries  {Human.Count(New)} new, {Human.Count(Changed)} changed{metadata}{moved}, {Human.Count(Unchanged)} unchanged, {Human.Count(Gone)} gone");
        page.Line($"  data     {Human.Size(BytesRead)} read, {Human.Size(BytesAdded)} added, {Human.Size(BytesStored)} stored");
        if (DeltaBytes > 0)
        {
            page.Line($"  deltas   {Human.Size(DeltaBytes)} of {Human.Count(DeltaFiles, "changed file")} as stored before");
        }

        double seconds = Math.Max(0.001, result.Elapsed.TotalSeconds);
        string rate = NothingChanged ? "" : $" ({Human.Size((long)(BytesRead / seconds))}/s read)";
        page.Line($"  time     {Human.Duration(result.Elapsed)}{rate}{(Resumed ? ", carrying on from an interrupted backup" : "")}");
        if (PendingFiles > 0)
        {
            page.Line($"  to come  {Human.Count(PendingFiles, "file")}, {Human.Size(PendingBytes)}: the next backup goes on");
        }

        if (Unstable > 0)
        {
            string torn = Torn > 0 ? $", {Human.Count(Torn)} of them stored torn" : "";
            page.Line($"  unstable {Human.Count(Unstable, "file")} that did not hold still{torn}: see 'varve unstable'");
        }

        if (FailureCount > Torn)
        {
            page.Line($"  failed   {Human.Count(FailureCount - Torn, "path")} could not be saved");
        }

        foreach (string note in Notes) { page.Status.Message("varve: " + NameText.Printable(note)); }
        FailureText.Print(page.Status, result.Failures, FailureCount);
    }

    private static string Mapped(SnapshotPrivate p) => p.RootPath.AsSpan().SequenceEqual(p.CanonicalRoot) ? "" : " as " + NameText.Escape(p.CanonicalRoot);
}
