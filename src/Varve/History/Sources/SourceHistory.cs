using Varve.Freeze;
using Varve.Model;

namespace Varve.History.Sources;

/// <summary>A source with the snapshots of its history, by start; one at least. Immutable.</summary>
internal sealed record SourceHistory(SourceInfo Info, IReadOnlyList<SnapshotInfo> Snapshots)
{
    /// <summary>The latest.</summary>
    internal SnapshotInfo Latest => Snapshots[^1];

    /// <summary>The latest snapshot of a tree that stood for a directory at or above the path; null if none did.</summary>
    internal SnapshotInfo? LastWith(byte[] path) => Snapshots.LastOrDefault(s => Has(s, path));

    /// <summary>All of them, in order.</summary>
    internal IReadOnlyList<SnapshotInfo> With(byte[] path) => [.. Snapshots.Where(s => Has(s, path))];

    /// <summary>Whether a snapshot's tree stands for a directory at or above the path, or for what is there.</summary>
    internal static bool Has(SnapshotInfo snapshot, byte[] path) =>
        snapshot.Snapshot.Private is { } names && Paths.IsAtOrBelow(path, names.CanonicalRoot);
}
