namespace Varve.Tree.Lists;

/// <summary>What a meta chunk is. The numbers are the format's (docs/format.md, 8).</summary>
internal enum MetaKind : byte
{
    /// <summary>Entries of a directory.</summary>
    TreeLeaf = 1,
    /// <summary>Leaves or nodes of a large directory.</summary>
    TreeNode = 2,
    /// <summary>Extents of a file.</summary>
    ExtentLeaf = 3,
    /// <summary>Leaves or nodes of a long extent list.</summary>
    ExtentNode = 4,
    /// <summary>The failures of a snapshot.</summary>
    FailureList = 5,
    /// <summary>What is still to come after a partial snapshot.</summary>
    PendingList = 6,
    /// <summary>What was left out of a snapshot on purpose.</summary>
    MarkList = 7,
}
