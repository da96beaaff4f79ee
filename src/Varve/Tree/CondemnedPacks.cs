using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Tree;

/// <summary>
/// Packs that a prune is about to delete (docs/format.md, 11): absent for whoever begins to write, until the list is gone.
/// </summary>
/// <param name="At">When they were condemned, for people.</param>
/// <param name="Session">The prune's session.</param>
/// <param name="Packs">Which.</param>
internal sealed record CondemnedPacks(FileTime At, SessionId Session, IReadOnlyList<ObjectName> Packs);
