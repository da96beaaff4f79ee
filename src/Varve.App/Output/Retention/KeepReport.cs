using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Maintain.Forget;

namespace Varve.App.Output.Retention;

/// <summary>Whether a snapshot is kept, and by which rules.</summary>
internal sealed class KeepReport : IReport<KeepReport>
{
    private static readonly TableShape s_table = new(
        new TableColumn("SNAPSHOT"), new TableColumn("START", IsTime: true), new TableColumn("SOURCE"), new TableColumn("WHAT"),
        new TableColumn("WHY"));

    private readonly ForgetDecision _decision;

    // Not public: the serializer's generator would take in what its parameters are made of.
    internal KeepReport(ForgetDecision decision) => _decision = decision;

    static JsonTypeInfo<KeepReport> IReport<KeepReport>.Shape => RetentionShapes.Default.KeepReport;

    private Snapshot Said => _decision.Snapshot.Snapshot;

    public string Type => "decision";
    public string Snapshot => _decision.Snapshot.Name.ToString();
    public string SourceId => Said.HistoryId.ToString();
    public string? Source => Said.Private?.Source;
    public string? Host => Said.Private?.Host;
    public ByteText? CanonicalRoot => ByteText.From(Said.Private?.CanonicalRoot);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? CanonicalRootBytes => CanonicalRoot?.Other;
    public TimeText Start => new(Said.Start);
    public IReadOnlyList<string>? Tags => Said.Private?.Tags;
    public bool Partial => Said.IsPartial;
    public bool Keep => _decision.IsKept;
    public IEnumerable<KeepReasonPart> Reasons => _decision.Reasons.Select(static r => new KeepReasonPart(r));

    /// <summary>One row of a table.</summary>
    public void Print(Page page) => page.Row(s_table, Human.Short(_decision.Snapshot.Name), page.Time(Said.Start),
        Said.Private is { } names ? $"{NameText.Escape(names.Source)} ({NameText.Escape(names.Host)})" : SourceId[..8],
        Keep ? "keep" : "forget", string.Join(", ", Reasons.Select(static r => r.Words)));
}
