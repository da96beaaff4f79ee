using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve;

/// <summary>The part of a snapshot that names things (docs/format.md, 9).</summary>
public sealed record SnapshotPrivate
{
    internal SnapshotPrivate()
    {
    }

    /// <summary>The source's name.</summary>
    public required string Source { get; init; }
    /// <summary>Host name.</summary>
    public required string Host { get; init; }
    /// <summary>User name.</summary>
    public required string User { get; init; }
    /// <summary>The path that was walked, bytes.</summary>
    public required byte[] RootPath { get; init; }
    /// <summary>The path the tree stands for, bytes.</summary>
    public required byte[] CanonicalRoot { get; init; }
    /// <summary>Of a source of several roots: the paths of those after the first, bytes.</summary>
    public IReadOnlyList<byte[]> FurtherRoots { get; init; } = [];
    /// <summary>What the clocks of the source's file systems had passed at the start; null if the writer did not say.</summary>
    internal IReadOnlyList<FileSystemClock>? Clocks { get; init; }
    /// <summary>Roots of the source that may not be there.</summary>
    internal IReadOnlyList<RemovableRoot> Removable { get; init; } = [];
    /// <summary>All the paths that were walked, as one text of bytes: snapshots with the same were read at the same place.</summary>
    internal byte[] Place => PlaceOf(RootPath, FurtherRoots);
    /// <summary>The failure list's chunk, or none.</summary>
    internal ChunkId FailureList { get; init; }
    /// <summary>Of a partial snapshot: the chunk with what is still to come, or none.</summary>
    internal ChunkId PendingList { get; init; }
    /// <summary>The chunk with what was left out on purpose, or none.</summary>
    internal ChunkId MarkList { get; init; }
    /// <summary>Where the rules of that list stand (Tree/Lists/RulePlaces); empty for nowhere.</summary>
    internal byte[] RulePlaces { get; init; } = [];
    /// <summary>Tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    internal static byte[] PlaceOf(byte[] root, IReadOnlyList<byte[]> further) =>
        further.Aggregate(root, static (place, path) => [.. place, 0, .. path]);
}
