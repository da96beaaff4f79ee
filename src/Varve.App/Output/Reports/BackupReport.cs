using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Varve.App.Output.Reports;

/// <summary>What a backup did: <c>type</c>, then the snapshot, then the run.</summary>
internal sealed class BackupReport : SnapshotReport, IReport<BackupReport>
{
    private const int Run = 1;

    private readonly BackupResult _result;

    internal BackupReport(BackupResult result) : base(result.Name, result.Snapshot) => _result = result;

    static JsonTypeInfo<BackupReport> IReport<BackupReport>.Shape => ReportShapes.Default.BackupReport;

    [JsonPropertyOrder(-1)]
    public string Type => "backup";
    [JsonPropertyOrder(Run)]
    public bool NothingChanged => _result.NothingChanged;
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
    public IEnumerable<string> Notes => _result.Notes.Select(static n => AdviceText.Line(n));

    /// <summary>A few lines, and on standard error what went wrong.</summary>
    public new void Print(Page page)
    {
        Snapshot snapshot = _result.Snapshot;
        string source = snapshot.Private is { } p ? $" of {NameText.Escape(p.Source)} ({NameText.Escape(p.RootPath)}{Mapped(p)})" : "";
        string verdict = Partial ? ": partial, more is to come" : NothingChanged ? ": nothing changed" : "";
        page.Line($"Snapshot {Human.Short(_result.Name)}{source}{verdict}");
        page.Line($"  holds    {Human.Count(Files, "file")}, {Human.Count(Directories, "directory", "directories")}, {Human.Size(Bytes)}");
        string metadata = MetadataOnly > 0 ? $", {Human.Count(MetadataOnly)} with new metadata" : "";
        string moved = Moved > 0 ? $", {Human.Count(Moved)} moved" : "";
        page.Line(
            $"  entries  {Human.Count(New)} new, {Human.Count(Changed)} changed{metadata}{moved}, {Human.Count(Unchanged)} unchanged, "
            + $"{Human.Count(Gone)} gone");
        page.Line($"  data     {Human.Size(BytesRead)} read, {Human.Size(BytesAdded)} added, {Human.Size(BytesStored)} stored");
        if (DeltaBytes > 0)
        {
            page.Line($"  deltas   {Human.Size(DeltaBytes)} of {Human.Count(DeltaFiles, "changed file")} as stored before");
        }

        double seconds = Math.Max(0.001, _result.Elapsed.TotalSeconds);
        string rate = NothingChanged ? "" : $" ({Human.Size((long)(BytesRead / seconds))}/s read)";
        page.Line($"  time     {Human.Duration(_result.Elapsed)}{rate}{(Resumed ? ", carrying on from an interrupted backup" : "")}");
        if (PendingFiles > 0)
        {
            page.Line($"  to come  {Human.Count(PendingFiles, "file")}, {Human.Size(PendingBytes)}: the next backup goes on");
        }

        if (Unstable > 0)
        {
            string torn = Torn > 0 ? $", {Human.Count(Torn)} of them stored torn" : "";
            page.Line($"  unstable {Human.Count(Unstable, "file")} that did not hold still{torn}: see 'varve unstable'");
        }

        if (FailureCount > Torn) { page.Line($"  failed   {Human.Count(FailureCount - Torn, "path")} could not be saved"); }

        foreach (string note in Notes) { page.Status.Message("varve: " + NameText.Printable(note)); }
        FailureText.Print(page.Status, _result.Failures, FailureCount);
    }

    private static string Mapped(SnapshotPrivate p) =>
        p.RootPath.AsSpan().SequenceEqual(p.CanonicalRoot) ? "" : " as " + NameText.Escape(p.CanonicalRoot);
}
