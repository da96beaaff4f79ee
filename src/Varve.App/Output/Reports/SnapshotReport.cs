using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;

namespace Varve.App.Output.Reports;

/// <summary>A snapshot. What only the full key reads is null without it.</summary>
internal class SnapshotReport : IReport<SnapshotReport>
{
    internal const string Header = "SNAPSHOT  START                SOURCE            FILES       SIZE  ROOT";

    private readonly ObjectName _name;
    private readonly Snapshot _snapshot;

    internal SnapshotReport(ObjectName name, Snapshot snapshot)
    {
        _name = name;
        _snapshot = snapshot;
    }

    static JsonTypeInfo<SnapshotReport> IReport<SnapshotReport>.Shape => ReportShapes.Default.SnapshotReport;

    [JsonPropertyName("snapshot")]
    public string Name => _name.ToString();
    public string SourceId => _snapshot.SourceId.ToString();
    public string? Source => _snapshot.Private?.Source;
    public string? Host => _snapshot.Private?.Host;
    public string? User => _snapshot.Private?.User;
    public ByteText? Root => ByteText.From(_snapshot.Private?.RootPath);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? RootBytes => Root?.Other;
    public ByteText? CanonicalRoot => ByteText.From(_snapshot.Private?.CanonicalRoot);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? CanonicalRootBytes => CanonicalRoot?.Other;
    public IReadOnlyList<string>? Tags => _snapshot.Private?.Tags;
    public TimeText Start => new(_snapshot.Start);
    public TimeText End => new(_snapshot.End);
    public bool Partial => _snapshot.IsPartial;
    public string? Parent => _snapshot.Parent.IsNone ? null : _snapshot.Parent.ToString();
    public string Program => _snapshot.Program;
    public long Files => _snapshot.Counts.Files;
    public long Directories => _snapshot.Counts.Directories;
    public long Symlinks => _snapshot.Counts.Symlinks;
    public long Others => _snapshot.Counts.Others;
    public long Bytes => _snapshot.Counts.Bytes;
    public long Failed => _snapshot.Counts.Failed;
    public long New => _snapshot.Counts.New;
    public long Changed => _snapshot.Counts.Changed;
    public long MetadataOnly => _snapshot.Counts.MetadataOnly;
    public long Unchanged => _snapshot.Counts.Unchanged;
    public long Gone => _snapshot.Counts.Gone;
    public long Moved => _snapshot.Counts.Moved;
    public long BytesRead => _snapshot.Counts.BytesRead;
    public long BytesAdded => _snapshot.Counts.BytesAdded;
    public long BytesStored => _snapshot.Counts.BytesStored;
    public long PendingFiles => _snapshot.Counts.PendingFiles;
    public long PendingBytes => _snapshot.Counts.PendingBytes;

    /// <summary>One line below <see cref="Header"/>.</summary>
    public void Print(Page page)
    {
        string source = _snapshot.Private is { } p ? NameText.Escape(p.Source) : SourceId[..8];
        string root = _snapshot.Private is { } q ? NameText.Escape(q.Host) + ":" + NameText.Escape(q.CanonicalRoot)
            : "(needs the full key)";
        string line =
            $"{Human.Short(_name)}  {Human.Time(_snapshot.Start, page.Zone)}  {source,-12}  "
            + $"{Human.Count(Files),9}  {Human.Size(Bytes),9}  {root}";
        foreach (string tag in Tags ?? []) { line += " #" + NameText.Escape(tag); }
        page.Line(line + (Partial ? $"  [partial, {Human.Count(PendingFiles)} to come]" : "")
            + (_snapshot.HasFailures ? $"  [{Human.Count(Failed)} failed]" : ""));
    }
}
