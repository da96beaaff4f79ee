namespace Varve.Model;

/// <summary>Names an immutable object by the SHA-256 of its bytes.</summary>
public readonly record struct ObjectName(Bytes32 Value) : IComparable<ObjectName>
{
    /// <summary>Copies the first 32 bytes of <paramref name="source"/>.</summary>
    public ObjectName(ReadOnlySpan<byte> source) : this(new Bytes32(source)) { }

    /// <summary>True for the default value, which stands for "none".</summary>
    public bool IsNone => Value.IsZero;

    /// <inheritdoc/>
    public int CompareTo(ObjectName other) => Value.CompareTo(other.Value);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
