using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>What a restore did.</summary>
internal sealed class RestoreReport : IReport<RestoreReport>
{
    private readonly RestoreOptions _options;
    private readonly RestoreResult _result;
    private readonly NextCommand _next;

    internal RestoreReport(RestoreOptions options, RestoreResult result, NextCommand? next = null)
    {
        _options = options;
        _result = result;
        _next = next ?? NextCommand.Plain;
    }

    static JsonTypeInfo<RestoreReport> IReport<RestoreReport>.Shape => ReportShapes.Default.RestoreReport;

    public string Snapshot => _options.Snapshot.Name.ToString();
    public string? SourceId => _options.Snapshot.Snapshot.HistoryId.ToString();
    public string? Source => _options.Snapshot.Snapshot.Private?.Source;
    public string? Host => _options.Snapshot.Snapshot.Private?.Host;
    public ByteText? CanonicalRoot => ByteText.From(_options.Snapshot.Snapshot.Private?.CanonicalRoot);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? CanonicalRootBytes => CanonicalRoot?.Other;
    public WriterPart? Writer => WriterPart.Of(_options.Snapshot.Snapshot.Writer);
    public string Signature => KindText.Of(_options.Snapshot.Snapshot.Signature);
    public TimeText Start => new(_options.Snapshot.Snapshot.Start);
    public ByteText Target => new(_result.Target.Length > 0 ? _result.Target : _options.Target);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? TargetBytes => Target.Other;
    public long Files => _result.Files;
    public long Directories => _result.Directories;
    public long Others => _result.Others;
    public long Bytes => _result.Bytes;
    public long Kept => _result.Kept;
    public bool DryRun => _result.IsDryRun;
    public long Replaced => _result.Replaced;
    public long MetadataOnly => _result.MetadataOnly;
    public long Unchanged => _result.Unchanged;
    public long LeftAlone => _result.LeftAlone;
    public long Deleted => _result.Deleted;
    public long DeletedBytes => _result.DeletedBytes;
    public long ProtectedCount => _result.ProtectedCount;
    public IEnumerable<FailureReport> Protected => FailureReport.Of(_result.Protected);
    public long Verified => _result.Verified;
    public double Seconds => Math.Round(_result.Elapsed.TotalSeconds, 3);
    public long TornCount => _result.TornCount;
    public IEnumerable<PathReport> Torn => _result.Torn.Select(static p => new PathReport(p));
    public long LackingCount => _result.LackingCount;
    public IEnumerable<FailureReport> Lacking => FailureReport.Of(_result.Lacking);
    public long PendingFiles => _result.PendingFiles;
    public long FailureCount => _result.FailureCount;
    public IEnumerable<FailureReport> Failures => FailureReport.Of(_result.Failures);
    public IReadOnlyList<string> NotSet => _result.NotSet;
    public IReadOnlyList<string> UnmatchedIncludes => _result.UnmatchedIncludes;
    public IReadOnlyList<string> UnmatchedExcludes => _result.UnmatchedExcludes;

    public void Print(Page page)
    {
        foreach (string pattern in UnmatchedIncludes)
        {
            page.Status.Hinted($"the pattern '{pattern}' matches nothing in the snapshot", hint: null);
        }

        foreach (string note in NotSet) { page.Status.Message("varve: not set: " + NameText.Printable(note)); }
        foreach (byte[] path in _result.Torn.Take(FailureText.Printed)) { page.Status.Message($"varve: {NameText.Escape(path)}: torn"); }
        FailureText.Print(page.Status, _result.Lacking, LackingCount, "not in the snapshot: ");
        FailureText.Print(page.Status, _result.Failures, FailureCount);
        if (ProtectedCount > 0) { FailureText.Print(page.Status, _result.Protected, ProtectedCount, "not deleted: "); }
        string heading = $"{(DryRun ? "Would restore" : "Restored")} snapshot {Human.Short(_options.Snapshot.Name)} to "
            + NameText.Escape(_result.Target.Length > 0 ? _result.Target : _options.Target);
        if (page.Detail == Detail.Full) { PrintLines(page, heading); }
        else { page.Done($"{heading}: {Line()}"); }
    }

    private string What(string rate)
    {
        string others = Others > 0 ? $", {Human.Count(Others, "other")}" : "";
        return $"{Human.Count(Files, "file")}, {Human.Count(Directories, "directory", "directories")}{others}, {Human.Size(Bytes)}"
            + $" in {Human.Duration(_result.Elapsed)}{rate}";
    }

    /// <summary>What became of what was there.</summary>
    private IEnumerable<string> Changes()
    {
        if (Replaced > 0) { yield return $"{Human.Count(Replaced)} of them replaced"; }
        if (MetadataOnly > 0) { yield return $"{Human.Count(MetadataOnly)} in metadata only"; }
        if (Unchanged > 0) { yield return $"{Human.Count(Unchanged)} as they were"; }
        if (LeftAlone > 0) { yield return $"{Human.Count(LeftAlone)} left alone, being newer"; }
        string gone = _options.KeepOld is null ? "deleted" : "renamed away";
        if (Deleted > 0) { yield return $"{Human.Count(Deleted)} {gone} ({Human.Size(DeletedBytes)})"; }
        if (ProtectedCount > 0) { yield return $"{Human.Count(ProtectedCount)} not deleted"; }
        if (Verified > 0) { yield return $"{Human.Count(Verified)} read back"; }
    }

    private string Line() => What("") + string.Concat(Changes().Select(static c => "; " + c))
        + (Kept > 0 ? $"; {Human.Count(Kept)} were there" : "") + (TornCount > 0 ? $"; {Human.Count(TornCount)} torn" : "")
        + (LackingCount + PendingFiles > 0 ? $"; {Human.Count(LackingCount + PendingFiles)} not in the snapshot" : "")
        + (FailureCount > 0 ? $"; {Human.Count(FailureCount)} failed" : "");

    private void PrintLines(Page page, string heading)
    {
        double seconds = Math.Max(0.001, _result.Elapsed.TotalSeconds);
        page.Line(heading);
        page.Line("  " + What($" ({Human.Size((long)(Bytes / seconds))}/s)"));
        if (Changes().Any()) { page.Line("  " + string.Join(", ", Changes())); }
        if (Kept > 0) { page.Line($"  {Kept:N0} of them were there, from an earlier run that was cut off"); }
        if (TornCount > 0)
        {
            page.Line($"  {Human.Count(TornCount, "file")} torn: changed while the backup read them, the content may mix moments");
        }

        if (LackingCount > 0)
        {
            string them = LackingCount == 1 ? "it" : "them";
            page.Line($"  {Human.Count(LackingCount, "path")} not in the snapshot, or only in part: the backup could not save {them}; "
                + $"what and why: {_next.Of("failures", Human.Short(_options.Snapshot.Name))}");
        }

        if (PendingFiles > 0)
        {
            page.Line($"  {Human.Count(PendingFiles, "file")} not in the snapshot, which is partial; which: "
                + _next.Of("ls", "--pending", Human.Short(_options.Snapshot.Name)));
        }

        if (FailureCount > 0) { page.Line(page.Ink.Bad($"  {Human.Count(FailureCount, "path")} failed")); }
    }
}
