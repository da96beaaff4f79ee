namespace Varve.Model.Packs;

/// <summary>A block as a pack's footer lists it. Its offset is that of the block before plus that block's stored length.</summary>
/// <param name="StoredLength">Bytes in the pack, with the tag.</param>
/// <param name="RawLength">Bytes once decoded: the sum of the chunks' lengths.</param>
/// <param name="Codec">How it is encoded.</param>
/// <param name="Chunks">What it holds, in order.</param>
internal sealed record PackedBlock(uint StoredLength, uint RawLength, Codec Codec, IReadOnlyList<PackedChunk> Chunks);
