using Varve.Model;

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
    /// <summary>The failure list's chunk, or none.</summary>
    internal ChunkId FailureList { get; init; }
    /// <summary>Of a partial snapshot: the chunk with what is still to come, or none.</summary>
    internal ChunkId PendingList { get; init; }
    /// <summary>Tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
