namespace Varve.Catalog.Rows;

/// <summary>Snapshots that have not seen an entry, though it was not found to be gone. Its revisions stand meanwhile.</summary>
/// <param name="Directory">The directory it is in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="First">The first of these snapshots.</param>
/// <param name="Last">The first after them; long.MaxValue as long as it has not been seen again.</param>
/// <param name="Kind">Why.</param>
internal sealed record GapRow(long Directory, byte[] Name, long First, long Last, GapKind Kind);
