namespace Varve.Service;

/// <summary>A file that a drill restores.</summary>
/// <param name="Snapshot">From which snapshot.</param>
/// <param name="Entry">What that says of it.</param>
internal sealed record DrillFile(SnapshotInfo Snapshot, ListedEntry Entry);
