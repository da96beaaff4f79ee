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

    /// <summary>
    /// What this keeps, and ever fewer with age: all of the last hour, and the last of each hour of a day, of each day of a month, of each
    /// week of a year, and of each month. So snapshots that come every minute do not grow without end.
    /// </summary>
    internal RetentionPolicy Thinned() => this with
    {
        Within =
        [
            .. Within, new(Period.Snapshot, new KeepDuration(0, 0, 0, 0, Hours: 1)), new(Period.Hour, new KeepDuration(0, 0, 0, Days: 1, 0)),
            new(Period.Day, new KeepDuration(0, Months: 1, 0, 0, 0)), new(Period.Week, new KeepDuration(Years: 1, 0, 0, 0, 0)),
        ],
        Counts = [.. Counts, new(Period.Month, CountRule.Unlimited)],
    };

    /// <summary>It keeps nothing: no such policy is carried out.</summary>
    internal bool IsEmpty => !KeepsFirst && Tags.Count == 0 && Within.Count == 0 && Counts.All(static c => c.Most == 0);
}
