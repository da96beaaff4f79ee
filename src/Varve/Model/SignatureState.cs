namespace Varve.Model;

/// <summary>What the signature of an object comes to (docs/format.md, 5.1).</summary>
internal enum SignatureState
{
    /// <summary>It has none: its writer had no identity.</summary>
    Unsigned,
    /// <summary>It is that of the writer it names, whom a full key certified.</summary>
    Valid,
    /// <summary>It is none: whoever made the object is not who it says.</summary>
    Invalid,
    /// <summary>The key in use, which is older than identities, cannot tell.</summary>
    Unknown,
}
