using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Backup.Results;

namespace Varve.App.Output.Changes;

/// <summary>What a backup would do.</summary>
internal sealed class DryRunReport : IReport<DryRunReport>
{
    private static readonly TableShape s_rows =
        new(new TableColumn("WHAT"), new TableColumn("HOW MUCH")) { HasHeadings = false, Indent = 2 };

    private readonly DryRunResult _result;

    // Not public: the serializer's generator would take in what its parameters are made of.
    internal DryRunReport(DryRunResult result) => _result = result;

    static JsonTypeInfo<DryRunReport> IReport<DryRunReport>.Shape => ChangeShapes.Default.DryRunReport;

    public string Type => "dryRun";
    public string Source => _result.Source;
    public ByteText Root => new(_result.Root);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? RootBytes => Root.Other;
    public bool Compared => _result.IsCompared;
    public long Files => _result.Counts.Files;
    public long Directories => _result.Counts.Directories;
    public long Symlinks => _result.Counts.Symlinks;
    public long Others => _result.Counts.Others;
    public long Bytes => _result.Counts.Bytes;
    public long New => _result.Counts.New;
    public long Changed => _result.Counts.Changed;
    public long MetadataOnly => _result.Counts.MetadataOnly;
    public long Unchanged => _result.Counts.Unchanged;
    public long Gone => _result.Counts.Gone;
    public long FilesToRead => _result.ToRead.Files;
    public long BytesToRead => _result.ToRead.Bytes;
    public LeftOutPart? LeftOut => LeftOutPart.Of(_result.Counts.LeftOut);
    public double Seconds => Math.Round(_result.Elapsed.TotalSeconds, 3);
    public long FailureCount => _result.FailureCount;
    public IEnumerable<FailureReport> Failures => FailureReport.Of(_result.Failures);
    public IReadOnlyList<string> UnmatchedExcludes => _result.UnmatchedExcludes;
    public IEnumerable<string> Notes => _result.Notes.Select(n => AdviceText.Line(n, NextCommand.Plain));

    public void Print(Page page)
    {
        foreach (Notice note in _result.Notes) { page.Remark(note.ToString(), AdviceText.Of(note, NextCommand.Plain)); }
        FailureText.Print(page.Status, _result.Failures, FailureCount);
        if (page.Detail == Detail.Quiet) { return; }
        string beside = Compared ? "" : "; there is nothing here to compare with, so all is new";
        page.Line($"Dry run of {NameText.Printable(Source)} ({NameText.Escape(_result.Root)}): nothing is written{beside}");
        page.Row(s_rows, "holds", $"{Human.Count(Files, "file")}, {Human.Count(Directories, "directory", "directories")}, {Human.Size(Bytes)}");
        page.Row(s_rows, "entries", $"{Human.Count(New)} new, {Human.Count(Changed)} changed, {Human.Count(MetadataOnly)} with new metadata, "
            + $"{Human.Count(Unchanged)} unchanged, {Human.Count(Gone)} gone");
        page.Row(s_rows, "to read", $"{Human.Count(FilesToRead, "file")}, {Human.Size(BytesToRead)}");
        if (LeftOutText.Line(_result.Counts.LeftOut) is { } leftOut) { page.Row(s_rows, "left out", leftOut); }
    }
}
