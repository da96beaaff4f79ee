using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Retention;

/// <summary>A snapshot of which something was said: whether it is pinned, and its tags.</summary>
internal sealed class MarkReport(SnapshotInfo info, FileTime now, bool isOfTags) : IReport<MarkReport>
{
    static JsonTypeInfo<MarkReport> IReport<MarkReport>.Shape => RetentionShapes.Default.MarkReport;

    public string Snapshot => info.Name.ToString();
    public string SourceId => info.Snapshot.HistoryId.ToString();
    public string? Source => info.Snapshot.Private?.Source;
    public string? Host => info.Snapshot.Private?.Host;
    public TimeText Start => new(info.Snapshot.Start);
    public IReadOnlyList<string>? Tags => info.Snapshot.Private?.Tags;
    public PinPart? Pin => PinPart.Of(info.Snapshot.Pin, now);

    public void Print(Page page)
    {
        string state = !isOfTags ? "is " + (Pin?.Words(page.ZonedTime) ?? "not pinned")
            : Tags is null ? "has other tags now, which only a full key reads"
            : Tags.Count == 0 ? "has no tags" : "has the tags " + string.Join(", ", Tags.Select(static t => NameText.Escape(t)));
        page.Done($"Snapshot {Human.Short(info.Name)} {state}");
    }
}
