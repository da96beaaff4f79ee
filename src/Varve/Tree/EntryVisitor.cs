namespace Varve.Tree;

/// <summary>Is given an entry: a leaf that stands at it, with the names of owners that are in the leaf. It does not move on.</summary>
internal delegate void EntryVisitor(ref TreeLeafReader leaf);
