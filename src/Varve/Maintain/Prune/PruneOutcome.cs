namespace Varve.Maintain.Prune;

/// <summary>What a prune came to.</summary>
internal enum PruneOutcome
{
    /// <summary>What was to be deleted is deleted, if there was anything.</summary>
    Done,

    /// <summary>Packs are condemned, and are deleted by a later prune: writers are at work, or they are to be kept for a while.</summary>
    Waiting,

    /// <summary>Nothing was done, as asked for.</summary>
    DryRun,
}
