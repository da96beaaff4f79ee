using Varve.Restore.Entries;
using Varve.Restore.Place;
using Varve.Restore.Target;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.Restore.Plan;

/// <summary>
/// What the planner of a restore uses and its workers do not: trees, rules, and the makers of what is no file. One thread.
/// </summary>
internal sealed class PlanTools
{
    internal required MetaReader Trees { get; init; }
    internal required EntryBudget Budget { get; init; }
    internal required RestoreFilter Filter { get; init; }
    internal required MetadataSetter Metadata { get; init; }
    internal required SpecialFiles Specials { get; init; }
    internal required OwnerMap Owners { get; init; }

    /// <summary>Removes what the snapshot has not; null if that stays.</summary>
    internal ExtraSweeper? Sweeper { get; init; }

    /// <summary>Makes room; null if what stands in the target stays.</summary>
    internal Obstacles? Obstacles { get; init; }

    /// <summary>What is looked at instead of being written; null if it is written.</summary>
    internal PlaceSurvey? Survey { get; init; }
}
