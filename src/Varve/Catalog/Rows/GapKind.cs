namespace Varve.Catalog.Rows;

/// <summary>Why a snapshot has not seen an entry that is not known to be gone. The numbers are the catalog's.</summary>
internal enum GapKind : byte
{
    /// <summary>It could not be saved: the snapshot lacks it, and whatever lies below it.</summary>
    Failed = 1,
    /// <summary>It could not be looked at, because the root it lies in was not there: the snapshot has it as it was last seen.</summary>
    Kept = 2,
}
