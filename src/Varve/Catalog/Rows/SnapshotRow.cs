using Varve.Model;

namespace Varve.Catalog.Rows;

/// <summary>A snapshot as the catalog knows it. What is not known before it is complete has its default.</summary>
internal sealed record SnapshotRow
{
    /// <summary>Its number, which intervals are made of. Ascending, never used twice.</summary>
    public required long Number { get; init; }
    /// <summary>Its source's number.</summary>
    public required long Source { get; init; }
    /// <summary>How far it is.</summary>
    public required SnapshotState State { get; init; }
    /// <summary>Whether a killed run was taken up under this number.</summary>
    public bool Resumed { get; init; }
    /// <summary>Its object in the repository; none before it is committing.</summary>
    public ObjectName Object { get; init; }
    /// <summary>When the (first) run began.</summary>
    public required FileTime Start { get; init; }
    /// <summary>When everything was stored.</summary>
    public FileTime End { get; init; }
    /// <summary>The tree that holds the root's entry.</summary>
    public ChunkId RootTree { get; init; }
    /// <summary>The source's snapshot before.</summary>
    public ObjectName Parent { get; init; }
    /// <summary>A budget stopped it.</summary>
    public bool IsPartial { get; init; }
    /// <summary>Some paths failed.</summary>
    public bool HasFailures { get; init; }
    /// <summary>Counts.</summary>
    public SnapshotCounts Counts { get; init; } = new();
    /// <summary>The program that wrote it.</summary>
    public string Program { get; init; } = "";
}
