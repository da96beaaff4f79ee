namespace Varve.History.Entries;

/// <summary>How it stands with a path: by the latest snapshot of its source, and by what is there now.</summary>
internal enum PathState
{
    /// <summary>The snapshot has it as it is now, or nobody can look whether it is so.</summary>
    Saved,
    /// <summary>The snapshot has it, and something of it is another now.</summary>
    Changed,
    /// <summary>The snapshot has it, and it is not there any more.</summary>
    Deleted,
    /// <summary>It is there now, and was not when the snapshot was made.</summary>
    New,
    /// <summary>It was left out on purpose, or would have been.</summary>
    LeftOut,
    /// <summary>It could not be saved, or only in part.</summary>
    Failed,
    /// <summary>A partial snapshot left it for the next.</summary>
    Pending,
    /// <summary>Earlier snapshots have it; it is not there any more.</summary>
    Gone,
    /// <summary>No snapshot has it, and it is not there.</summary>
    Unknown,
    /// <summary>It lies in no source.</summary>
    NoSource,
}
