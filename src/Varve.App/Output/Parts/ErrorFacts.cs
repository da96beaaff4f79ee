using System.Text.Json.Serialization;
using Varve.Model;

namespace Varve.App.Output.Parts;

/// <summary>An error as people and programs see it: nothing in it can move a terminal's cursor.</summary>
internal sealed class ErrorFacts(
    string kind, string message, string? hint, IReadOnlyList<SourceInfo>? sources = null, IReadOnlyList<NamedSnapshot>? snapshots = null)
{
    public string Kind => kind;
    public string Message { get; } = NameText.Printable(message);
    public string? Hint { get; } = hint is null ? null : NameText.Printable(hint);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SourcePart>? Sources { get; } =
        sources is not { Count: > 0 } ? null : [.. sources.Select(static s => new SourcePart(s))];
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SnapshotPart>? Snapshots { get; } =
        snapshots is not { Count: > 0 } ? null : [.. snapshots.Select(static s => new SnapshotPart(s))];
}
