namespace Varve.Delta;

/// <summary>What a part of a file turned out to be.</summary>
internal enum DeltaOpKind
{
    /// <summary>Blocks of the earlier state, whole.</summary>
    Blocks,

    /// <summary>Part of a block of the earlier state: what stands before or behind an insertion.</summary>
    Part,

    /// <summary>New bytes.</summary>
    New,

    /// <summary>A hole, which was not compared.</summary>
    Hole,
}
