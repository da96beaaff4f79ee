namespace Varve.Walk;

/// <summary>A directory that waits for its visit, with the visitor's node for it.</summary>
internal readonly record struct WalkItem<TNode>(WalkDirectory Directory, TNode Node);
