using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;

namespace Varve.App.Output.Reports;

/// <summary>A revision that was found: what it was, and from when to when.</summary>
internal readonly struct RevisionReport : IReport<RevisionReport>
{
    private readonly FoundRevision _found;
    private readonly EntryView _view;

    internal RevisionReport(FoundRevision found, EntryView view)
    {
        _found = found;
        _view = view;
    }

    static JsonTypeInfo<RevisionReport> IReport<RevisionReport>.Shape => ReportShapes.Default.RevisionReport;

    public string Source => _found.Source;
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

        string until = Current ? "now" : Human.Time(_found.LastTime, page.Zone);
        page.Line($"{Human.Time(_found.FirstTime, page.Zone)} ({Human.Short(_found.First)}) to {until,-19}  {Human.Size(Size),9}  "
            + $"{NameText.Escape(Source)}: {EntryText.Name(_found.Path, _found.Kind)}{EntryText.Mark(_found.IsTorn)}"
            + (_found.MovedFrom is { } from ? $"  [moved from {NameText.Escape(from)}]" : ""));
    }
}
