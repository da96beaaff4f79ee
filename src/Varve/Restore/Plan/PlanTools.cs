using Varve.Restore.Entries;
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
}
