namespace Varve.Model.Packs;

/// <summary>Where a block lies and what is needed to open it.</summary>
/// <param name="Pack">The pack that holds it.</param>
/// <param name="Kind">That pack's kind.</param>
/// <param name="Number">The block's number in the pack: its nonce.</param>
/// <param name="Offset">Bytes from the pack's start.</param>
/// <param name="StoredLength">Bytes in the pack, with the tag.</param>
/// <param name="RawLength">Bytes once decoded.</param>
/// <param name="Codec">How it is encoded.</param>
internal readonly record struct BlockLocation(
    ObjectName Pack, PackKind Kind, uint Number, long Offset, uint StoredLength, uint RawLength, Codec Codec);
