namespace Varve.Repositories;

/// <summary>What decoding a block needs, kept by a thread that decodes many. Grows to the largest block, which the format bounds. Not thread-safe.</summary>
internal sealed class BlockBuffers
{
    private byte[] _stored = [], _raw = [];

    /// <summary>Room for a block as it is stored.</summary>
    internal Span<byte> Stored(uint length) => Grown(ref _stored, (int)length);

    /// <summary>Room for a block as it was before compression.</summary>
    internal Span<byte> Raw(uint length) => Grown(ref _raw, (int)length);

    private static Span<byte> Grown(ref byte[] buffer, int length)
    {
        // A little more than asked for: blocks of a kind differ by a few bytes, and each growth leaves a large array to the collector.
        if (buffer.Length < length) { buffer = GC.AllocateUninitializedArray<byte>(length + length / 8); }
        return buffer.AsSpan(0, length);
    }
}
