using Varve.History.Entries;

namespace Varve.History.Revisions;

/// <summary>How it stands with a path, and why. Immutable.</summary>
/// <param name="Path">The path, absolute, bytes.</param>
/// <param name="State">How it stands with it.</param>
internal sealed record PathStory(byte[] Path, PathState State)
{
    /// <summary>The source that it lies in; null if it lies in none.</summary>
    internal SourceInfo? Source { get; init; }

    /// <summary>The latest snapshot of that; null if it lies in none.</summary>
    internal SnapshotInfo? Latest { get; init; }

    /// <summary>What was saved of it last; null if nothing ever was.</summary>
    internal FoundRevision? Revision { get; init; }

    /// <summary>Why it is not in the latest snapshot, or not wholly; null if there is no reason.</summary>
    internal LeftOutCause? Cause { get; init; }

    /// <summary>Whether it is on the list of files that were not seen to hold still: the next backup reads it first.</summary>
    internal bool IsUnstable { get; init; }

    /// <summary>Whether what is there now is saved, or was when it was last there.</summary>
    internal bool IsSaved => State is PathState.Saved or PathState.Deleted && Cause is null;
}
