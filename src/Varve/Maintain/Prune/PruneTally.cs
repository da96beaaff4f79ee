using Varve.Maintain.Plan;
using Varve.Model.Packs;

namespace Varve.Maintain.Prune;

/// <summary>What the cycles of one prune come to. Not thread-safe.</summary>
internal sealed class PruneTally
{
    private PruneResult _result = new() { Outcome = PruneOutcome.Done };
    private bool _isPlanned;

    /// <summary>What is to be told.</summary>
    internal PruneResult Result => _result;

    /// <summary>Packs that could not be copied from.</summary>
    internal HashSet<ObjectName> Unreadable { get; } = [];

    /// <summary>What there is when all is done.</summary>
    internal PruneResult Last { get; private set; } = new() { Outcome = PruneOutcome.Done };

    /// <summary>Adds to what is told.</summary>
    internal void Tell(Func<PruneResult, PruneResult> more) => _result = more(_result);

    /// <summary>What a plan found. What is told of packs is what the first plan found that has anything to do.</summary>
    internal void Planned(PrunePlan plan, Survey survey)
    {
        Last = _result with
        {
            Snapshots = survey.Snapshots,
            Data = plan.Figures(PackKind.Data, survey.Book.Packs),
            Meta = plan.Figures(PackKind.Meta, survey.Book.Packs),
            UnnamedPacks = plan.Unnamed.Count,
            UnnamedBytes = plan.Unnamed.Values.Sum(),
            NeededBytes = plan.WaitingForRoom,
            Unknown = survey.Listing.Unknown,
            UnknownCount = survey.Listing.UnknownCount,
        };
        if (!_isPlanned) { _result = Last; }
        _isPlanned |= !plan.IsEmpty;
    }
}
