using Varve.Maintain.Retention;

namespace Varve.Maintain.Forget;

/// <summary>What is decided of a snapshot.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Reasons">Why it is kept; none: it is forgotten.</param>
internal sealed record ForgetDecision(SnapshotInfo Snapshot, IReadOnlyList<KeepReason> Reasons)
{
    /// <summary>Whether it is kept.</summary>
    internal bool IsKept => Reasons.Count > 0;
}
