using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.App.Settings.Values;
using Varve.History.Revisions;

namespace Varve.App.Output.Changes;

/// <summary>A revision in the history of an entry: from when to when, what changed, and how to name it.</summary>
internal readonly struct HistoryReport : IReport<HistoryReport>
{
    private static readonly TableShape s_table = new(
        new TableColumn("FROM", IsTime: true), new TableColumn("TO", IsTime: true), new TableColumn("SIZE", IsRight: true),
        new TableColumn("CHANGED"), new TableColumn("SNAPSHOT:PATH"));

    private readonly HistoryEntry _entry;

    internal HistoryReport(HistoryEntry entry) => _entry = entry;

    static JsonTypeInfo<HistoryReport> IReport<HistoryReport>.Shape => ChangeShapes.Default.HistoryReport;

    private FoundRevision Found => _entry.Revision;

    public string Source => Found.Source;
    public string Host => Found.Host;
    public ByteText Path => new(Found.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public bool Copy => _entry.IsCopy;
    public IEnumerable<string> Properties => PropertyText.Words(_entry.Properties);
    public ByteText? MovedFrom => ByteText.From(Found.MovedFrom);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? MovedFromBytes => MovedFrom?.Other;
    public string Kind => KindText.Of(Found.Kind);
    public long Size => Found.Size;
    public uint Mode => Found.Mode;
    public uint Uid => Found.UserId;
    public uint Gid => Found.GroupId;
    public TimeText Mtime => new(Found.Modified);
    public TimeText Ctime => new(Found.Changed);
    public bool Torn => Found.IsTorn;
    public string First => Found.First.ToString();
    public TimeText FirstTime => new(Found.FirstTime);
    public string Last => Found.Last.ToString();
    public TimeText LastTime => new(Found.LastTime);
    public bool Current => Found.IsCurrent;
    public IEnumerable<string> FailedIn => Found.FailedIn.Select(static n => n.ToString());
    public bool Failing => Found.IsFailing;

    public void Print(Page page) => page.Row(s_table, page.Time(Found.FirstTime), Current ? "now" : page.Time(Found.LastTime),
        Human.Size(Size), What(), CommandText.Quote($"{Human.Short(Found.First)}:{RawArguments.FromBytes(Found.Path)}"));

    private string What()
    {
        var parts = new List<string>();
        if (_entry.IsCopy) { parts.Add("copy"); }
        if (_entry.IsFirst) { parts.Add("new"); }
        if (Found.MovedFrom is { } from) { parts.Add($"was {EntryText.Path(from)}"); }
        parts.AddRange(PropertyText.Words(_entry.Properties));
        if (Found.IsTorn) { parts.Add("torn"); }
        if (Found.FailedIn.Count > 0) { parts.Add($"not saved in {Human.Count(Found.FailedIn.Count, "snapshot")}"); }
        return parts.Count == 0 ? "-" : string.Join(", ", parts);
    }
}
