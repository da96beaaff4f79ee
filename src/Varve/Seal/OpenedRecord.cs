namespace Varve.Seal;

/// <summary>A record whose seal was opened.</summary>
/// <param name="Public">What every key reads.</param>
/// <param name="Private">What the full key reads; null without it.</param>
/// <param name="Signature">Who made it.</param>
internal sealed record OpenedRecord(byte[] Public, byte[]? Private, Signature Signature);
