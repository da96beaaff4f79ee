namespace Varve.Lookup;

/// <summary>Collects small records into large writes.</summary>
internal sealed class RunOutput(Stream stream)
{
    private readonly byte[] _buffer = new byte[48 << 10];
    private int _used;

    /// <summary>A place for the next <paramref name="length"/> bytes, to be filled before the next call.</summary>
    internal Span<byte> Next(int length)
    {
        if (_buffer.Length - _used < length) { Flush(); }
        Span<byte> place = _buffer.AsSpan(_used, length);
        _used += length;
        return place;
    }

    internal void Flush()
    {
        stream.Write(_buffer, 0, _used);
        _used = 0;
    }
}
