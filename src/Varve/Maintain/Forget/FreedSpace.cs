namespace Varve.Maintain.Forget;

/// <summary>Content of files that only the forgotten snapshots have, of all in the repository: what a prune may free.</summary>
/// <param name="Bytes">As it was read.</param>
/// <param name="StoredBytes">As it is stored, as far as its share of blocks tells.</param>
/// <param name="FromCatalog">Of how many sources the catalog of this machine told.</param>
/// <param name="FromTrees">Of how many sources the trees in the repository were read.</param>
internal sealed record FreedSpace(long Bytes, long StoredBytes, int FromCatalog, int FromTrees);
