namespace Varve.Vault.Snapshots;

/// <summary>The snapshot that was meant, and what of it.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Path">The path in it, relative to its source's root, bytes; empty for the root; null if none was asked for.</param>
internal sealed record ChosenSnapshot(SnapshotInfo Snapshot, byte[]? Path);
