namespace Varve;

/// <summary>What a check found.</summary>
/// <param name="Objects">Objects seen.</param>
/// <param name="Packs">Packs.</param>
/// <param name="Snapshots">Snapshots that are readable.</param>
/// <param name="Chunks">Chunks the index knows.</param>
/// <param name="BytesRead">Bytes of packs read and compared.</param>
/// <param name="Damages">The first damages, at most 1,000.</param>
/// <param name="DamageCount">All of them.</param>
/// <param name="Notes">What is unusual but harmless.</param>
public sealed record CheckResult(
    long Objects, long Packs, long Snapshots, long Chunks, long BytesRead, IReadOnlyList<Damage> Damages, long DamageCount,
    IReadOnlyList<string> Notes)
{
    /// <summary>
    /// Objects that are damaged or missing, and of which nothing is lost: what could not be read from them was stored anew by a later
    /// backup. They are no damages.
    /// </summary>
    public IReadOnlyList<Damage> Healed { get; init; } = [];

    /// <summary>
    /// Of each source of whose latest snapshot content is lost, that snapshot: a backup of it that reads every file stores anew what the
    /// source still has. Of all sources, if of something it is not known whose it was.
    /// </summary>
    public IReadOnlyList<SnapshotInfo> Lacking { get; init; } = [];
}
