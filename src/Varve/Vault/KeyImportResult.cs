using Varve.Vault.Open;

namespace Varve.Vault;

/// <summary>What came of importing a paper key.</summary>
/// <param name="Slot">The key slot that holds its secrets now.</param>
/// <param name="IsSlotNew">False if an import before this had made the slot, and was cut off then.</param>
/// <param name="IsHeaderRebuilt">The repository's header was missing, damaged or forged, and was written again.</param>
internal sealed record KeyImportResult(KeySlotInfo Slot, bool IsSlotNew, bool IsHeaderRebuilt);
