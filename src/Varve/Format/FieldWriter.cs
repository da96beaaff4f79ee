using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Format;

/// <summary>
/// Writes <c>fields</c> (docs/format.md, 1) behind what a <see cref="ByteWriter"/> has. Tags ascend; those in <c>single</c> (bit t for tag
/// t) do not repeat: another order throws <see cref="InvalidOperationException"/>, so that nothing is written that
/// <see cref="FieldReader"/> refuses. Nothing is allocated but the writer's growth.
/// </summary>
internal ref struct FieldWriter
{
    private readonly ByteWriter _writer;
    private readonly ulong _single;

    internal FieldWriter(ByteWriter writer, ulong single)
    {
        _writer = writer;
        _single = single;
    }

    /// <summary>The tag written last; 0 before the first, which no container uses.</summary>
    internal int Last { get; private set; }

    /// <summary>
    /// Begins a value of unknown length; returns what <see cref="Close"/> needs. The value is written to the <see cref="ByteWriter"/>
    /// meanwhile.
    /// </summary>
    internal int Open(int tag)
    {
        Ascend(tag);
        _writer.VarInt((uint)tag);
        return _writer.Open();
    }

    /// <summary>Ends a value.</summary>
    internal readonly void Close(int mark) => _writer.Close(mark);

    internal void Bytes(int tag, scoped ReadOnlySpan<byte> value)
    {
        Ascend(tag);
        _writer.Field((uint)tag, value);
    }

    internal void Text(int tag, string value)
    {
        Ascend(tag);
        _writer.VarInt((uint)tag);
        _writer.Text(value);
    }

    internal void Id(int tag, in Bytes32 id)
    {
        int mark = Open(tag);
        _writer.Id32(id);
        Close(mark);
    }

    internal void Time(int tag, FileTime time)
    {
        int mark = Open(tag);
        _writer.Time(time);
        Close(mark);
    }

    internal void U64(int tag, ulong value)
    {
        int mark = Open(tag);
        _writer.U64(value);
        Close(mark);
    }

    /// <summary>Numbers one after the other, none of them negative.</summary>
    internal void Numbers(int tag, params scoped ReadOnlySpan<long> numbers)
    {
        int mark = Open(tag);
        foreach (long number in numbers)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            _writer.VarInt((ulong)number);
        }

        Close(mark);
    }

    private void Ascend(int tag)
    {
        if (tag < Last || (tag == Last && FieldReader.IsSingle(_single, (uint)tag)))
        {
            throw new InvalidOperationException($"Field {tag} comes before field {Last}.");
        }
        Last = tag;
    }
}
