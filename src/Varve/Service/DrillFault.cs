namespace Varve.Service;

/// <summary>Something that a drill found to be otherwise than it should be.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Path">Relative to the source's root, bytes; null: all of it.</param>
/// <param name="Problem">One line for people.</param>
internal sealed record DrillFault(SnapshotInfo Snapshot, byte[]? Path, string Problem);
