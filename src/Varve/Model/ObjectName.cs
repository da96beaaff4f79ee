using Varve.Model;

namespace Varve;

/// <summary>Names an immutable object by the SHA-256 of its bytes.</summary>
public readonly record struct ObjectName : IComparable<ObjectName>
{
    internal ObjectName(Bytes32 value) => Value = value;

    /// <summary>Copies the first 32 bytes of <paramref name="source"/>.</summary>
    public ObjectName(ReadOnlySpan<byte> source) : this(new Bytes32(source)) { }

    internal Bytes32 Value { get; }

    /// <summary>True for the default value, which stands for "none".</summary>
    public bool IsNone => Value.IsZero;

    /// <inheritdoc/>
    public int CompareTo(ObjectName other) => Value.CompareTo(other.Value);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
