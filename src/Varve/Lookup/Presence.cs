namespace Varve.Lookup;

/// <summary>Whether a writer need not store a chunk.</summary>
internal enum Presence
{
    /// <summary>It is to be stored.</summary>
    Absent,

    /// <summary>It need not.</summary>
    Present,

    /// <summary>It lies in packs only that are to be verified first.</summary>
    Doubted,
}
