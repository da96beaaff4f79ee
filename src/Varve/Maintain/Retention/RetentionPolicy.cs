namespace Varve.Maintain.Retention;

/// <summary>Which snapshots of a group are kept: those that any of its rules keeps. Immutable.</summary>
internal sealed record RetentionPolicy
{
    /// <summary>By number; of each period one at most.</summary>
    internal IReadOnlyList<CountRule> Counts { get; init; } = [];

    /// <summary>By age; of each period one at most.</summary>
    internal IReadOnlyList<WithinRule> Within { get; init; } = [];

    /// <summary>What has one of these tags is kept.</summary>
    internal IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The first snapshot of a group is kept.</summary>
    internal bool KeepsFirst { get; init; }

    /// <summary>Whose calendar counts; null: that is not said.</summary>
    internal TimeZoneInfo? Zone { get; init; }

    /// <summary>It keeps nothing: no such policy is carried out.</summary>
    internal bool IsEmpty => !KeepsFirst && Tags.Count == 0 && Within.Count == 0 && Counts.All(static c => c.Most == 0);
}
