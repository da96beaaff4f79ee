using Varve.Maintain.Retention;
using Varve.Model;

namespace Varve.Maintain.Forget;

/// <summary>Which snapshots are to be forgotten: by a policy, or by name.</summary>
internal sealed record ForgetRequest
{
    /// <summary>Only those of these sources.</summary>
    public SourceFilter Filter { get; init; } = new();

    /// <summary>Only those of which this is true: of all others nothing is decided, and they take no place.</summary>
    public Func<SnapshotInfo, bool> Which { get; init; } = static _ => true;

    /// <summary>
    /// The policy for the snapshots of a history, one object for all that share it; null, or one that is empty: nothing is decided of them.
    /// </summary>
    public Func<Bytes32, RetentionPolicy?> PolicyOf { get; init; } = static _ => null;

    /// <summary>Instead of policies: these. None may be pinned.</summary>
    public IReadOnlyList<SnapshotInfo>? Named { get; init; }

    /// <summary>What the snapshots of a group have in common.</summary>
    public Grouping Grouping { get; init; }

    /// <summary>Whose calendar counts, for policies that do not say.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Lineages may lose their last whole snapshot.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>It is only said what would be done.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>It is counted what this frees.</summary>
    public bool CountsFreed { get; init; }

    /// <summary>Why, for the record.</summary>
    public string Why { get; init; } = "";
}
