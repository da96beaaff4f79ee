using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.History.Entries;
using Varve.History.Revisions;

namespace Varve.App.Output.Changes;

/// <summary>How it stands with a path, and why.</summary>
internal readonly struct WhyReport : IReport<WhyReport>
{
    private readonly PathStory _story;

    internal WhyReport(PathStory story) => _story = story;

    static JsonTypeInfo<WhyReport> IReport<WhyReport>.Shape => ChangeShapes.Default.WhyReport;

    public ByteText Path => new(_story.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string State => Word(_story.State);
    public bool Saved => _story.IsSaved;
    public string? Source => _story.Source?.Name;
    public string? Host => _story.Source?.Host;
    public string? Snapshot => _story.Latest?.Name.ToString();
    public TimeText? SnapshotTime => _story.Latest is { } latest ? new TimeText(latest.Snapshot.Start) : null;
    public string? First => _story.Revision?.First.ToString();
    public TimeText? FirstTime => _story.Revision is { } revision ? new TimeText(revision.FirstTime) : null;
    public string? Last => _story.Revision?.Last.ToString();
    public TimeText? LastTime => _story.Revision is { } revision ? new TimeText(revision.LastTime) : null;
    public bool Unstable => _story.IsUnstable;
    public string? Reason => _story.Cause is { } cause ? KindText.Of(cause.Reason) : null;
    public string? Message => _story.Cause?.ToString();
    public string? Rule => _story.Cause?.Rule?.Pattern;
    public string? RuleFile => _story.Cause?.Rule?.File;
    public long? RuleLine => _story.Cause?.Rule is { File: not null } rule ? rule.Line : null;

    public void Print(Page page) => page.Line($"{NameText.Escape(_story.Path)}: {What(page)}"
        + (_story.IsUnstable ? "; it did not hold still, and the next backup reads it first" : ""));

    private static string Word(PathState state) => state switch
    {
        PathState.Saved => "saved",
        PathState.Changed => "changed",
        PathState.Deleted => "deleted",
        PathState.New => "new",
        PathState.LeftOut => "left-out",
        PathState.Failed => "failed",
        PathState.Pending => "pending",
        PathState.Gone => "gone",
        PathState.NoSource => "no-source",
        _ => "unknown",
    };

    private string What(Page page) => _story.State switch
    {
        PathState.Saved => $"saved, and as it is since {FirstText(page)}; the last backup was {LatestText(page)}",
        PathState.Changed => $"changed since the last backup, {LatestText(page)}, which has it as it was since {FirstText(page)}",
        PathState.Deleted => $"not there any more; the last backup, {LatestText(page)}, has it",
        PathState.New => $"new since the last backup, {LatestText(page)}",
        PathState.Gone => $"not there any more; last saved in {LastText(page)}",
        PathState.NoSource => "it lies in no source that is saved here",
        PathState.Unknown => "no snapshot has it, and it is not there",
        _ => $"{NameText.Printable(Message!)}, in the last backup, {LatestText(page)}"
            + (_story.Revision is null ? "" : $"; last saved in {LastText(page)}"),
    };

    private string LatestText(Page page) => $"{Human.Short(_story.Latest!.Name)} ({page.ZonedTime(_story.Latest.Snapshot.Start)})";

    private string FirstText(Page page) => _story.Revision is { } r ? $"{Human.Short(r.First)} ({page.ZonedTime(r.FirstTime)})" : "then";

    private string LastText(Page page) => $"{Human.Short(_story.Revision!.Last)} ({page.ZonedTime(_story.Revision.LastTime)})";
}
