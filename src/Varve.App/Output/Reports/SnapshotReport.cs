using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Model;

namespace Varve.App.Output.Reports;

/// <summary>A snapshot. What only the full key reads is null without it.</summary>
internal class SnapshotReport : IReport<SnapshotReport>
{
    private static readonly TableShape s_table = new(
        new TableColumn("SNAPSHOT"), new TableColumn("START", IsTime: true), new TableColumn("SOURCE"),
        new TableColumn("FILES", IsRight: true), new TableColumn("SIZE", IsRight: true), new TableColumn("ROOT"));

    /// <summary>So many tags people are shown; a snapshot may have hundreds of thousands. JSON has them all.</summary>
    internal const int MostTags = 20;

    private readonly FileTime? _unchangedUntil;
    private readonly WriterIdentity? _own;
    private readonly ObjectName _name;
    private readonly Snapshot _snapshot;

    /// <param name="name">Its name.</param>
    /// <param name="snapshot">What it says.</param>
    /// <param name="unchangedUntil">The end of the last backup that found everything as it is here, and made no snapshot.</param>
    /// <param name="own">As whom the key in use signs: others are named.</param>
    /// <param name="pin">That it is pinned now; null if it is not.</param>
    internal SnapshotReport(
        ObjectName name, Snapshot snapshot, FileTime? unchangedUntil = null, WriterIdentity? own = null, PinPart? pin = null)
    {
        Pin = pin;
        _own = own;
        _unchangedUntil = unchangedUntil;
        _name = name;
        _snapshot = snapshot;
    }

    static JsonTypeInfo<SnapshotReport> IReport<SnapshotReport>.Shape => ReportShapes.Default.SnapshotReport;

    [JsonPropertyName("snapshot")]
    public string Name => _name.ToString();
    public string SourceId => _snapshot.HistoryId.ToString();
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
    public PinPart? Pin { get; }
    public TimeText Start => new(_snapshot.Start);
    public TimeText End => new(_snapshot.End);
    public TimeText? UnchangedUntil => _unchangedUntil is { } time ? new TimeText(time) : null;
    public bool Partial => _snapshot.IsPartial;
    public WriterPart? Writer => WriterPart.Of(_snapshot.Writer);
    public string Signature => KindText.Of(_snapshot.Signature);
    public bool Undecided => _snapshot.IsUndecided;
    public long Generation => _snapshot.Generation;
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
    public LeftOutPart? LeftOut => LeftOutPart.Of(_snapshot.Counts.LeftOut);

    /// <summary>One row of a table.</summary>
    public void Print(Page page)
    {
        string source = _snapshot.Private is { } p ? NameText.Escape(p.Source) : SourceId[..8];
        string root = _snapshot.Private is { } q ? NameText.Escape(q.Host) + ":" + NameText.Escape(q.CanonicalRoot)
            : "(needs the full key)";
        IReadOnlyList<string> tags = Tags ?? [];
        root += string.Concat(tags.Take(MostTags).Select(static t => " #" + NameText.Escape(t)))
            + (tags.Count > MostTags ? $" and {Human.Count(tags.Count - MostTags)} more tags" : "")
            + (Pin is { } pin ? $"  [{pin.Words(page.Time)}]" : "")
            + (Partial ? $"  [partial, {Human.Count(PendingFiles)} to come]" : "")
            + (_unchangedUntil is { } until ? $"  [unchanged until {page.Time(until)}]" : "")
            + WriterPart.Remark(_snapshot.Signature, _snapshot.Writer, _own)
            + (_snapshot.IsUndecided ? "  [undecided]" : "")
            + (_snapshot.HasFailures ? $"  [{Human.Count(Failed)} failed]" : "");
        page.Row(s_table, Human.Short(_name), page.Time(_snapshot.Start), source, Human.Count(Files), Human.Size(Bytes), root);
    }
}
