using System.Runtime.InteropServices;
using Varve.Model.Bytes;

namespace Varve.Tree;

/// <summary>The users or the groups of one leaf under construction. Most leaves have one or two.</summary>
internal sealed class OwnerSet
{
    /// <summary>Names longer than this are not names.</summary>
    private const int MaxName = 255;

    /// <summary>So many bytes of names at most, so that a leaf always fits a chunk.</summary>
    private const int MaxBytes = 2 << 20;

    private readonly HashSet<uint> _numbers = [];
    private readonly List<uint> _sorted = [];
    private readonly ByteWriter _names = new();
    private uint _last;

    internal delegate ReadOnlySpan<byte> Resolver(uint number);

    internal void Add(uint number)
    {
        if (number == _last && _numbers.Count > 0) { return; }
        _numbers.Add(number);
        _last = number;
    }

    internal void Clear() => _numbers.Clear();

    /// <summary>Appends the count, and numbers and names of those the resolver knows, ascending.</summary>
    internal void Write(ByteWriter writer, Resolver resolve)
    {
        _sorted.Clear();
        _sorted.AddRange(_numbers);
        CollectionsMarshal.AsSpan(_sorted).Sort();
        _names.Clear();
        uint known = 0;
        foreach (uint number in _sorted)
        {
            ReadOnlySpan<byte> name = resolve(number);
            if (name.IsEmpty || name.Length > MaxName || _names.Length > MaxBytes) { continue; }
            _names.VarInt(number);
            _names.Bytes(name);
            known++;
        }

        writer.VarInt(known);
        writer.Raw(_names.Written);
    }
}
