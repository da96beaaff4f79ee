using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>A revision that was found: what it was, and from when to when.</summary>
internal readonly struct RevisionReport : IReport<RevisionReport>
{
    private static readonly TableShape s_table = new(
        new TableColumn("FROM", IsTime: true), new TableColumn("SNAPSHOT"), new TableColumn("TO", IsTime: true),
        new TableColumn("SIZE", IsRight: true), new TableColumn("FILE"));

    private readonly FoundRevision _found;
    private readonly EntryView _view;
    private readonly string? _here;

    /// <param name="found">The revision.</param>
    /// <param name="view">How people see it.</param>
    /// <param name="here">The name of this host: people see that of another.</param>
    internal RevisionReport(FoundRevision found, EntryView view, string? here = null)
    {
        _here = here;
        _found = found;
        _view = view;
    }

    static JsonTypeInfo<RevisionReport> IReport<RevisionReport>.Shape => ReportShapes.Default.RevisionReport;

    public string Source => _found.Source;
    public string Host => _found.Host;
    public ByteText Path => new(_found.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string Kind => KindText.Of(_found.Kind);
    public long Size => _found.Size;
    public uint Mode => _found.Mode;
    public uint Uid => _found.UserId;
    public uint Gid => _found.GroupId;
    public TimeText Mtime => new(_found.Modified);
    public TimeText Ctime => new(_found.Changed);
    public ulong Inode => _found.Inode;
    public bool Torn => _found.IsTorn;
    public string First => _found.First.ToString();
    public TimeText FirstTime => new(_found.FirstTime);
    public string Last => _found.Last.ToString();
    public TimeText LastTime => new(_found.LastTime);
    public bool Current => _found.IsCurrent;
    public IEnumerable<string> FailedIn => _found.FailedIn.Select(static n => n.ToString());
    public bool Failing => _found.IsFailing;
    public ByteText? MovedFrom => ByteText.From(_found.MovedFrom);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? MovedFromBytes => MovedFrom?.Other;

    public void Print(Page page)
    {
        if (_view == EntryView.Raw)
        {
            page.Out.WriteName(_found.Path);
            return;
        }

        page.Row(s_table, page.Time(_found.FirstTime), Human.Short(_found.First), Current ? "now" : page.Time(_found.LastTime),
            Human.Size(Size),
            $"{NameText.Escape(Source)}{Elsewhere()}: {EntryText.Name(_found.Path, _found.Kind)}{EntryText.Mark(_found.IsTorn)}"
            + Lacking()
            + (_found.MovedFrom is { } from ? $"  [moved from {NameText.Escape(from)}]" : ""));
    }

    private string Elsewhere() => _here is null || Host == _here ? "" : $" ({NameText.Escape(Host)})";

    private string Lacking()
    {
        int count = _found.FailedIn.Count;
        string where = count == 1 ? $"snapshot {Human.Short(_found.FailedIn[0])}" : Human.Count(count, "snapshot");
        return count == 0 ? ""
            : _found.IsFailing ? $"  [not known to be gone: could not be saved in {where}]" : $"  [could not be saved in {where}]";
    }
}
