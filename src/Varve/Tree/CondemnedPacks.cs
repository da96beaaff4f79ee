using Varve.Model;

namespace Varve.Tree;

/// <summary>
/// Prune's first phase (docs/format.md, 11): packs that are to be deleted once all sessions that might use them have ended.
/// </summary>
/// <param name="At">When they were condemned.</param>
/// <param name="Packs">Which.</param>
/// <param name="Sessions">The ids of the sessions that were live then, most significant byte first.</param>
internal sealed record CondemnedPacks(FileTime At, IReadOnlyList<ObjectName> Packs, IReadOnlyList<UInt128> Sessions);
