namespace Varve.Model;

/// <summary>Who signed an object: a key slot's identity, as a full key certified it (docs/format.md, 4.2).</summary>
internal sealed record WriterIdentity
{
    internal WriterIdentity(Bytes32 uid, KeyLevel level, string label) => (Uid, Level, Label) = (uid, level, label);

    /// <summary>Its id, 64 lower-case hexadecimal digits: the SHA-256 of its public key.</summary>
    public string Id => Uid.ToString();

    /// <summary>The level of the key slot that it was made for.</summary>
    public KeyLevel Level { get; }

    /// <summary>The label of that key slot, then.</summary>
    public string Label { get; }

    internal Bytes32 Uid { get; }
}
