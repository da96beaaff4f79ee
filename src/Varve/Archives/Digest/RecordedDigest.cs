namespace Varve.Archives.Digest;

/// <summary>A digest that was recorded before.</summary>
/// <param name="Path">Of what, bytes.</param>
/// <param name="Digest">The digest as text.</param>
/// <param name="Mode">What it covers.</param>
internal sealed record RecordedDigest(byte[] Path, string Digest, DigestMode Mode);
