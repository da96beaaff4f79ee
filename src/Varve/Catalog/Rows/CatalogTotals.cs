namespace Varve.Catalog.Rows;

/// <summary>What a catalog holds.</summary>
/// <param name="Sources">Sources.</param>
/// <param name="Snapshots">Snapshots, unfinished ones included.</param>
/// <param name="Directories">Directories, also those that are gone.</param>
/// <param name="Revisions">Revisions.</param>
internal readonly record struct CatalogTotals(long Sources, long Snapshots, long Directories, long Revisions);
