namespace Varve.Freeze;

/// <summary>Where a part of a source is to be read.</summary>
/// <param name="Below">The part, relative to the source's root; empty for the root itself.</param>
/// <param name="Place">The directory, or file, that stands for it: in a snapshot, or the live one.</param>
/// <param name="IsFrozen">Whether it lies in a snapshot.</param>
internal sealed record FrozenPlace(byte[] Below, byte[] Place, bool IsFrozen);
