using Varve.Model;

namespace Varve.Tree;

/// <summary>An object below <c>fences/</c> (docs/format.md, 11.2).</summary>
/// <param name="Entries">What it says of sessions.</param>
/// <param name="Replaced">The objects whose entries it has as well, which are to be removed.</param>
internal sealed record FenceList(IReadOnlyList<Fence> Entries, IReadOnlyList<ObjectName> Replaced);
