using System.Runtime.InteropServices;

namespace Varve.Model.Rules;

/// <summary>
/// Numbers by keys that are bytes. A look-up costs a hash and one comparison, and allocates nothing. Filled first, and then immutable.
/// </summary>
internal sealed class ByteTable
{
    private byte[][] _keys = new byte[16][];
    private int[] _values = new int[16];

    /// <summary>How many keys it has.</summary>
    internal int Count { get; private set; }

    /// <summary>The number of a key; -1 for none.</summary>
    internal int Find(ReadOnlySpan<byte> key)
    {
        if (Count == 0) { return -1; }
        int mask = _keys.Length - 1;
        for (int i = (int)Hash(key) & mask; _keys[i] is { } found; i = (i + 1) & mask)
        {
            if (key.SequenceEqual(found)) { return _values[i]; }
        }

        return -1;
    }

    /// <summary>Sets the number of a key; the one it had, or -1.</summary>
    internal int Put(byte[] key, int value)
    {
        if (Count * 2 >= _keys.Length) { Grow(); }
        int i = Place(key), before = _keys[i] is null ? -1 : _values[i];
        if (_keys[i] is null) { Count++; }
        (_keys[i], _values[i]) = (key, value);
        return before;
    }

    private int Place(byte[] key)
    {
        int mask = _keys.Length - 1, i = (int)Hash(key) & mask;
        while (_keys[i] is { } found && !found.AsSpan().SequenceEqual(key)) { i = (i + 1) & mask; }
        return i;
    }

    private void Grow()
    {
        (byte[][] keys, int[] values) = (_keys, _values);
        (_keys, _values) = (new byte[keys.Length * 2][], new int[keys.Length * 2]);
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] is not { } key) { continue; }
            int to = Place(key);
            (_keys[to], _values[to]) = (key, values[i]);
        }
    }

    private static uint Hash(ReadOnlySpan<byte> key)
    {
        ulong hash = (ulong)key.Length * 0x9E3779B97F4A7C15;
        for (; key.Length >= 8; key = key[8..]) { hash = Mix(hash ^ MemoryMarshal.Read<ulong>(key)); }
        ulong rest = 0;
        foreach (byte b in key) { rest = (rest << 8) | b; }
        return (uint)(Mix(hash ^ rest) >> 32);
    }

    private static ulong Mix(ulong hash)
    {
        hash *= 0xFF51AFD7ED558CCD;
        return hash ^ (hash >> 32);
    }
}
