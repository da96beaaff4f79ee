using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.Model;

namespace Varve.App.Output.Reports;

/// <summary>A snapshot. What only the full key reads is null without it.</summary>
internal class SnapshotReport(ObjectName name, Snapshot snapshot) : IReport<SnapshotReport>
{
    internal const string Header = "SNAPSHOT  START                SOURCE            FILES       SIZE  ROOT";

    static JsonTypeInfo<SnapshotReport> IReport<SnapshotReport>.Shape => ReportShapes.Default.SnapshotReport;

    [JsonPropertyName("snapshot")]
    public string Name => name.ToString();
    public string SourceId => snapshot.SourceId.ToString();
    public string? Source => snapshot.Private?.Source;
    public string? Host => snapshot.Private?.Host;
    public string? User => snapshot.Private?.User;
    public ByteText? Root => ByteText.From(snapshot.Private?.RootPath);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? RootBytes => Root?.Other;
    public ByteText? CanonicalRoot => ByteText.From(snapshot.Private?.CanonicalRoot);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? CanonicalRootBytes => CanonicalRoot?.Other;
    public IReadOnlyList<string>? Tags => snapshot.Private?.Tags;
    public TimeText Start => new(snapshot.Start);
    public TimeText End => new(snapshot.End);
    public bool Partial => snapshot.IsPartial;
    public string? Parent => snapshot.Parent.IsNone ? null : snapshot.Parent.ToString();
    public string Program => snapshot.Program;
    public long Files => snapshot.Counts.Files;
    public long Directories => snapshot.Counts.Directories;
    public long Symlinks => snapshot.Counts.Symlinks;
    public long Others => snapshot.Counts.Others;
    public long Bytes => snapshot.Counts.Bytes;
    public long Failed => snapshot.Counts.Failed;
    public long New => snapshot.Counts.New;
    public long Changed => snapshot.Counts.Changed;
    public long MetadataOnly => snapshot.Counts.MetadataOnly;
    public long Unchanged => snapshot.Counts.Unchanged;
    public long Gone => snapshot.Counts.Gone;
    public long Moved => snapshot.Counts.Moved;
    public long BytesRead => snapshot.Counts.BytesRead;
    public long BytesAdded => snapshot.Counts.BytesAdded;
    public long BytesStored => snapshot.Counts.BytesStored;
    public long PendingFiles => snapshot.Counts.PendingFiles;
    public long PendingBytes => snapshot.Counts.PendingBytes;

    /// <summary>One line below <see cref="Header"/>.</summary>
    public void Print(Page page)
    {
        string source = snapshot.Private is { } p ? NameText.Escape(p.Source) : SourceId[..8];
        string root = snapshot.Private is { } q ? NameText.Escape(q.Host) + ":" + NameText.Escape(q.CanonicalRoot) : "(needs the full key)";
        string line = $"{Human.Short(name)}  {Human.Time(snapshot.Start, page.Zone)}  {source,-12}  {Human.Count(Files),9}  {Human.Size(Bytes),9}  {root}";
        foreach (string tag in Tags ?? []) { line += " #" + NameText.Escape(tag); }
        page.Line(line + (Partial ? $"  [partial, {Human.Count(PendingFiles)} to come]" : "")
            + (snapshot.HasFailures ? $"  [{Human.Count(Failed)} failed]" : ""));
    }
}
