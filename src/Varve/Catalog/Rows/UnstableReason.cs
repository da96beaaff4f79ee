namespace Varve.Catalog.Rows;

/// <summary>Why a file is on the list of unstable files. The numbers are the catalog's.</summary>
internal enum UnstableReason : byte
{
    /// <summary>It never held still: what is stored is flagged torn.</summary>
    Torn = 1,
    /// <summary>
    /// It is stored as it stood at one moment, and was changing, or open for writing in a way that its stat would not tell of.
    /// </summary>
    Moving = 2,
    /// <summary>It is stored as it was read to its end, and its stat tells another length.</summary>
    LengthUnknown = 3,
}
