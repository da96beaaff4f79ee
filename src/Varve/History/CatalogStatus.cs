using Varve.History.Entries;

namespace Varve.History;

/// <summary>How the catalog stands.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="State"><c>missing</c>, <c>current</c>, <c>stale</c> or <c>damaged</c>; current with what the repository has of its
/// sources.</param>
/// <param name="Problem">For damaged: what is wrong.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="SnapshotsKnown">Complete snapshots in the catalog.</param>
/// <param name="SnapshotsStored">Snapshots in the repository.</param>
/// <param name="Directories">Directories.</param>
/// <param name="Revisions">Revisions.</param>
internal sealed record CatalogStatus(
    string Path, string State, string? Problem, long Bytes, long SnapshotsKnown, long SnapshotsStored, long Directories, long Revisions)
{
    /// <summary>The last finished backup of each source.</summary>
    public IReadOnlyList<KnownRun> Runs { get; init; } = [];
}
