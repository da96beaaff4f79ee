using Varve.Model;
using Varve.Model.Snapshots;

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
    /// <summary>How many snapshots led to it, itself included; 0 where its writer did not say.</summary>
    public long Generation { get; init; }
    /// <summary>A budget stopped it.</summary>
    public bool IsPartial { get; init; }
    /// <summary>Some paths failed.</summary>
    public bool HasFailures { get; init; }
    /// <summary>
    /// A run that found everything as the snapshot before has it, and made none: <see cref="Object"/> is that snapshot's.
    /// </summary>
    public bool IsSkipped { get; init; }
    /// <summary>Counts.</summary>
    public SnapshotCounts Counts { get; init; } = new();
    /// <summary>Where the source was read (<see cref="SnapshotPrivate.Place"/>).</summary>
    public byte[] Place { get; init; } = [];
    /// <summary>What the clocks of its file systems had passed at the start; null if that is not known.</summary>
    public IReadOnlyList<FileSystemClock>? Clocks { get; init; }
    /// <summary>Roots of its source that may not be there.</summary>
    public IReadOnlyList<RemovableRoot> Removable { get; init; } = [];
    /// <summary>The program that wrote it.</summary>
    public string Program { get; init; } = "";
    /// <summary>Where it stands among the snapshots of its source, whose numbers ascend so.</summary>
    public SnapshotOrder Order => new(Generation, Start, Object);
}
