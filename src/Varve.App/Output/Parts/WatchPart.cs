namespace Varve.App.Output.Parts;

/// <summary>Something that the daemon does by the configuration.</summary>
internal sealed class WatchPart
{
    public required string Name { get; init; }
    public required string Kind { get; init; }
    public required string Schedule { get; init; }
    public string? To { get; init; }
    public bool Retention { get; init; }

    /// <summary>When commands are run around it: before, on-success, on-failure, after.</summary>
    public IReadOnlyList<string> Hooks { get; init; } = [];
}
