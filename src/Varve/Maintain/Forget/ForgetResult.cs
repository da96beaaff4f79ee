namespace Varve.Maintain.Forget;

/// <summary>What became of snapshots, or would.</summary>
/// <param name="Decisions">Group by group, each from the oldest to the newest.</param>
internal sealed record ForgetResult(IReadOnlyList<ForgetDecision> Decisions)
{
    /// <summary>Nothing was done.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Snapshots that were still there though an earlier record says that they were forgotten: they are gone now.</summary>
    public int Finished { get; init; }

    /// <summary>What forgetting frees; null if that was not asked for, or could not be counted.</summary>
    public FreedSpace? Freed { get; init; }
}
