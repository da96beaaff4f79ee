namespace Varve.Vault.Runs;

/// <summary>What a pack is worth, as a run lists it.</summary>
internal enum PackVerdict
{
    /// <summary>It holds what the run lists.</summary>
    True,

    /// <summary>A chunk is not what its id says, though the pack is as it was written.</summary>
    FalsePack,

    /// <summary>The pack is as it was written, and its footer is not what the run says.</summary>
    FalseListing,

    /// <summary>It is not as it was written, or is not there.</summary>
    Unreadable,
}
