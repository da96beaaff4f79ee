using Varve.Model;

namespace Varve;

/// <summary>
/// An immutable record of a source at a time (docs/format.md, 9). <see cref="Private"/> is null for a reader without the full key.
/// </summary>
public sealed record Snapshot
{
    internal Snapshot()
    {
    }

    /// <summary>Which source: derived from host and canonical root.</summary>
    internal Bytes32 SourceId { get; init; }
    /// <summary>When the walk began.</summary>
    public required FileTime Start { get; init; }
    /// <summary>When everything was stored.</summary>
    public required FileTime End { get; init; }
    /// <summary>A budget stopped it: more is to come.</summary>
    public bool IsPartial { get; init; }
    /// <summary>Some paths failed; see <see cref="SnapshotCounts.Failed"/>.</summary>
    public bool HasFailures { get; init; }
    /// <summary>The tree that holds the root's entry.</summary>
    internal ChunkId RootTree { get; init; }
    /// <summary>Counts.</summary>
    public required SnapshotCounts Counts { get; init; }
    /// <summary>The source's snapshot before this, or none.</summary>
    public ObjectName Parent { get; init; }
    /// <summary>The program that wrote it.</summary>
    public required string Program { get; init; }
    /// <summary>What only the full key reads.</summary>
    public SnapshotPrivate? Private { get; init; }
}
