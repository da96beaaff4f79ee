namespace Varve.Model.Snapshots;

/// <summary>Whether a snapshot counts (docs/protocol.md, "Which things count").</summary>
internal enum SnapshotStanding : byte
{
    /// <summary>It counts until it is forgotten.</summary>
    Counts,

    /// <summary>Its session is fenced, and nothing is decided: it can be read, and nobody relies on it.</summary>
    Undecided,

    /// <summary>Its session was decided without it: it was put too late. What it needs may be gone.</summary>
    Void,
}
