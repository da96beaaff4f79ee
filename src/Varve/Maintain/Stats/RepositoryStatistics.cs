namespace Varve;

/// <summary>What a repository holds. Bytes are as stored unless they say raw.</summary>
public sealed record RepositoryStatistics
{
    /// <summary>Repository id.</summary>
    public required string Repository { get; init; }
    /// <summary>Format version.</summary>
    public required int Version { get; init; }
    /// <summary>When it was created.</summary>
    public required string Created { get; init; }
    /// <summary>Snapshots.</summary>
    public required long Snapshots { get; init; }
    /// <summary>Sources that have snapshots.</summary>
    public required long Sources { get; init; }
    /// <summary>Data packs.</summary>
    public required long DataPacks { get; init; }
    /// <summary>Meta packs.</summary>
    public required long MetaPacks { get; init; }
    /// <summary>Bytes of data packs.</summary>
    public required long DataBytes { get; init; }
    /// <summary>Bytes of meta packs.</summary>
    public required long MetaBytes { get; init; }
    /// <summary>Index runs.</summary>
    public required long IndexRuns { get; init; }
    /// <summary>Bytes of index runs.</summary>
    public required long IndexBytes { get; init; }
    /// <summary>Distinct chunks in the index.</summary>
    public required long Chunks { get; init; }
    /// <summary>Raw bytes of all blocks.</summary>
    public required long RawBytes { get; init; }
    /// <summary>Bytes of all objects.</summary>
    public required long StoredBytes { get; init; }
    /// <summary>Sum of the files' sizes over all snapshots: what it would take without deduplication.</summary>
    public required long ProtectedBytes { get; init; }
}
