using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>A block as an index run lists it; <see cref="Pack"/> is an index into that run's packs.</summary>
internal readonly record struct RunBlock(uint Pack, uint Number, long Offset, uint StoredLength, uint RawLength, Codec Codec);
