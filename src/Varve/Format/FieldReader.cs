using System.Buffers.Binary;
using System.Text;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Format;

/// <summary>
/// Walks <c>fields</c> (docs/format.md, 1). Tags must ascend; those in <c>single</c> (bit t for tag t) must not repeat; others may, for
/// they repeat by definition or are not known. Anything else throws <see cref="ErrorKind.Damaged"/>. Nothing is allocated.
/// </summary>
internal ref struct FieldReader
{
    /// <summary>
    /// For a writer of containers in which no tag repeats. A reader takes tags that it does not know as often as they come.
    /// </summary>
    internal const ulong Strict = ulong.MaxValue;

    private readonly ulong _single;
    private ByteReader _reader;
    private bool _any;

    internal FieldReader(ReadOnlySpan<byte> fields, Subject what, ulong single)
    {
        _reader = new ByteReader(fields, what);
        _single = single;
    }

    internal ulong Tag { get; private set; }

    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where the field after this one begins.</summary>
    internal readonly int Position => _reader.Position;

    /// <summary>Whether a tag must not come twice.</summary>
    internal static bool IsSingle(ulong single, ulong tag) => tag < 64 ? (single >> (int)tag & 1) != 0 : single == Strict;

    internal bool MoveNext()
    {
        if (_reader.Remaining == 0) { return false; }
        ulong tag = _reader.VarInt();
        if (_any && (tag < Tag || (tag == Tag && IsSingle(_single, tag)))) { throw _reader.Damaged("its fields do not ascend"); }
        (Tag, _any) = (tag, true);
        Value = _reader.Bytes();
        return true;
    }

    internal readonly ChunkId ChunkId() => Value.Length == Bytes32.Size ? new ChunkId(Value) : throw Damaged();

    internal readonly ObjectName ObjectName() => Value.Length == Bytes32.Size ? new ObjectName(Value) : throw Damaged();

    internal readonly ulong U64() => Value.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(Value) : throw Damaged();

    internal readonly FileTime Time()
    {
        var reader = new ByteReader(Value, _reader.What);
        FileTime time = reader.Time();
        reader.End();
        return time;
    }

    internal readonly uint VarInt32()
    {
        var reader = new ByteReader(Value, _reader.What);
        uint value = reader.VarInt32();
        reader.End();
        return value;
    }

    internal readonly string Text() => Encoding.UTF8.GetString(Value);

    internal readonly VarveException Damaged() => _reader.Damaged($"the value of field {Tag} makes no sense");
}
