namespace Varve.Model;

/// <summary>Names a chunk by HMAC-SHA-256(chunk-id key, bytes). Trees and lists are chunks too.</summary>
internal readonly record struct ChunkId(Bytes32 Value) : IComparable<ChunkId>
{
    /// <summary>Copies the first 32 bytes of <paramref name="source"/>.</summary>
    public ChunkId(ReadOnlySpan<byte> source) : this(new Bytes32(source)) { }

    /// <summary>True for the default value, which stands for "none".</summary>
    public bool IsNone => Value.IsZero;

    /// <inheritdoc/>
    public int CompareTo(ChunkId other) => Value.CompareTo(other.Value);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
