namespace Varve.History;

/// <summary>What a rebuild did.</summary>
/// <param name="Snapshots">Snapshots in the catalog now.</param>
/// <param name="Directories">Directories.</param>
/// <param name="Revisions">Revisions.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Elapsed">Wall time.</param>
internal sealed record CatalogRebuildResult(long Snapshots, long Directories, long Revisions, long Bytes, TimeSpan Elapsed);
