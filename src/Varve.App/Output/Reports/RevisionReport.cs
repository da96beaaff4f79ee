using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.History;
using Varve.Model;

namespace Varve.App.Output.Reports;

/// <summary>A revision that was found: what it was, and from when to when.</summary>
internal readonly struct RevisionReport(FoundRevision found, EntryView view) : IReport<RevisionReport>
{
    static JsonTypeInfo<RevisionReport> IReport<RevisionReport>.Shape => ReportShapes.Default.RevisionReport;

    public string Source => found.Source;
    public ByteText Path => new(found.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string Kind => KindText.Of(found.Stat.Kind);
    public long Size => found.Stat.Size;
    public uint Mode => found.Stat.Mode;
    public uint Uid => found.Stat.Uid;
    public uint Gid => found.Stat.Gid;
    public TimeText Mtime => new(found.Stat.Mtime);
    public TimeText Ctime => new(found.Stat.Ctime);
    public ulong Inode => found.Stat.Inode;
    public bool Torn => (found.Flags & EntryFlags.Torn) != 0;
    public string First => found.First.ToString();
    public TimeText FirstTime => new(found.FirstTime);
    public string Last => found.Last.ToString();
    public TimeText LastTime => new(found.LastTime);
    public bool Current => found.IsCurrent;
    public ByteText? MovedFrom => ByteText.From(found.MovedFrom);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? MovedFromBytes => MovedFrom?.Other;

    public void Print(Page page)
    {
        if (view == EntryView.Raw)
        {
            page.Out.WriteName(found.Path);
            return;
        }

        string until = Current ? "now" : Human.Time(found.LastTime, page.Zone);
        page.Line($"{Human.Time(found.FirstTime, page.Zone)} ({Human.Short(found.First)}) to {until,-19}  {Human.Size(Size),9}  "
            + $"{NameText.Escape(Source)}: {EntryText.Name(found.Path, found.Stat.Kind)}{EntryText.Mark(found.Flags)}"
            + (found.MovedFrom is { } from ? $"  [moved from {NameText.Escape(from)}]" : ""));
    }
}
