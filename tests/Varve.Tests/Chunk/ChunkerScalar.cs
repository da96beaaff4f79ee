using Varve.Chunk;

namespace Varve.Tests.Chunk;

/// <summary>The rule of <see cref="Chunker"/>, one byte at a time. Immutable, thread-safe.</summary>
internal sealed class ChunkerScalar
{
    private readonly ulong[] _gear;
    private readonly int _min, _average, _max;
    private readonly ulong _strict, _loose;

    /// <inheritdoc cref="Chunker(ReadOnlySpan{byte}, int, int, int)"/>
    public ChunkerScalar(ReadOnlySpan<byte> chunkerKey, int min, int average, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(chunkerKey.Length, 32);
        (_strict, _loose) = Chunker.Thresholds(min, average, max);
        _gear = GearTable.Derive(chunkerKey);
        (_min, _average, _max) = (min, average, max);
    }

    /// <inheritdoc cref="Chunker.FindBoundary"/>
    public int FindBoundary(ReadOnlySpan<byte> data, bool isEnd)
    {
        ulong hash = 0;
        for (int i = _min; i < data.Length && i < _max; i++)
        {
            hash = (hash << 1) + _gear[data[i]];
            if (hash < (i < _average ? _strict : _loose)) { return i + 1; }
        }

        return data.Length >= _max ? _max : isEnd ? data.Length : 0;
    }
}
