namespace Varve.Vault.Runs;

/// <summary>Whose packs a backup relies on, instead of storing what is in them again.</summary>
internal enum PackTrust
{
    /// <summary>Those of everybody who can write to the repository.</summary>
    All,

    /// <summary>Those that the key slot in use stored.</summary>
    Own,
}
