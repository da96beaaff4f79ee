namespace Varve.Delta;

/// <summary>What a part of a file turned out to be.</summary>
internal enum DeltaOpKind
{
    /// <summary>Cells of the earlier state, whole.</summary>
    Cells,

    /// <summary>Part of a cell of the earlier state: what stands before or behind an insertion.</summary>
    Part,

    /// <summary>New bytes.</summary>
    New,

    /// <summary>A hole, which was not compared.</summary>
    Hole,
}
