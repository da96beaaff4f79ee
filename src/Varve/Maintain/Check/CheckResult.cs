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
    IReadOnlyList<string> Notes);
