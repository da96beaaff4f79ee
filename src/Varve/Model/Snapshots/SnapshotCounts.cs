using Varve.Model.Snapshots;

namespace Varve;

/// <summary>What a snapshot holds and what its run did (docs/format.md, 9, tag 6).</summary>
public sealed record SnapshotCounts
{
    /// <summary>Regular files in the snapshot.</summary>
    public long Files { get; init; }
    /// <summary>Directories.</summary>
    public long Directories { get; init; }
    /// <summary>Symbolic links.</summary>
    public long Symlinks { get; init; }
    /// <summary>Fifos, sockets and devices.</summary>
    public long Others { get; init; }
    /// <summary>Sum of the files' sizes.</summary>
    public long Bytes { get; init; }
    /// <summary>Paths that could not be saved.</summary>
    public long Failed { get; init; }
    /// <summary>Entries that the parent did not have.</summary>
    public long New { get; init; }
    /// <summary>Entries whose content changed.</summary>
    public long Changed { get; init; }
    /// <summary>Entries of which only metadata changed.</summary>
    public long MetadataOnly { get; init; }
    /// <summary>Entries as they were.</summary>
    public long Unchanged { get; init; }
    /// <summary>Entries the parent had and this one has not.</summary>
    public long Gone { get; init; }
    /// <summary>Entries that came with a directory that was moved, from where the parent had them; neither new nor gone.</summary>
    public long Moved { get; init; }
    /// <summary>Of a partial snapshot: files that are still to come.</summary>
    public long PendingFiles { get; init; }
    /// <summary>Of a partial snapshot: the sizes of the files that are still to come.</summary>
    public long PendingBytes { get; init; }
    /// <summary>Bytes of content read.</summary>
    public long BytesRead { get; init; }
    /// <summary>Raw bytes of new chunks.</summary>
    public long BytesAdded { get; init; }
    /// <summary>Bytes the store grew by: packs and index runs.</summary>
    public long BytesStored { get; init; }
    /// <summary>What was left out on purpose; null if the writer did not say.</summary>
    internal LeftOutCounts? LeftOut { get; init; }
}
