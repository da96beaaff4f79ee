using Varve.Model;

namespace Varve.Keys;

/// <summary>Reads the <c>fields</c> of docs/format.md, 1, checking every length against what remains. Not thread-safe.</summary>
internal ref struct FieldReader
{
    private readonly Subject _what;
    private ReadOnlySpan<byte> _rest;
    private ulong _lastTag;
    private bool _started;

    internal FieldReader(ReadOnlySpan<byte> fields, Subject what)
    {
        _rest = fields;
        _what = what;
    }

    /// <summary>The next field; false at the end.</summary>
    /// <exception cref="VarveException">Damaged: cut short, or tags do not ascend.</exception>
    internal bool TryRead(out ulong tag, out ReadOnlySpan<byte> value)
    {
        tag = 0;
        value = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        tag = ReadVarint();
        if (_started && tag <= _lastTag)
        {
            throw VarveException.Damaged(_what, $"field {tag} follows field {_lastTag}");
        }

        _started = true;
        _lastTag = tag;
        ulong length = ReadVarint();
        if (length > (ulong)_rest.Length)
        {
            throw VarveException.Damaged(_what, $"field {tag} is cut short");
        }

        value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < _rest.Length && i < 10; i++)
        {
            byte next = _rest[i];
            if (i == 9 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw VarveException.Damaged(_what, "a number is cut short or too large");
    }
}
