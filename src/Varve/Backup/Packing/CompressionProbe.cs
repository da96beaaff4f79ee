using Varve.Platform.Zstd;

namespace Varve.Backup.Packing;

/// <summary>
/// Tells from a few samples whether a long chunk is worth compressing. What has been compressed or encrypted before (media, archives) is
/// not, and is most of what people have by volume: it need then neither go through the compressor nor be gathered into a block first. It
/// errs only in size: a chunk whose samples are all noise and that has repetitions between them is stored as it is. Not thread-safe.
/// </summary>
internal sealed class CompressionProbe : IDisposable
{
    /// <summary>Shorter chunks are not asked about: together they make a block worth compressing, or not.</summary>
    internal const int MinLength = 64 << 10;

    private const int Samples = 4, SampleLength = 4 << 10, LongRow = 16;

    private readonly ZstdCompressor _fast = new(1);
    private readonly byte[] _scratch = new byte[ZstdCompressor.Bound(SampleLength)];

    private int _row; // hopeless chunks since the last that was not

    /// <summary>
    /// Whether compressing a chunk of at least <see cref="MinLength"/> would save less than a hundredth. After many hopeless ones in a row,
    /// one of the four places is looked at, each in turn: a row of them is a file of that kind.
    /// </summary>
    internal bool IsHopeless(ReadOnlySpan<byte> chunk)
    {
        int step = (chunk.Length - SampleLength) / (Samples - 1);
        int from = _row < LongRow ? 0 : _row % Samples, to = _row < LongRow ? Samples : from + 1;
        for (int i = from; i < to; i++)
        {
            int length = _fast.Compress(chunk.Slice(i * step, SampleLength), _scratch);
            if (length >= SampleLength - (SampleLength / 100)) { continue; }
            _row = 0;
            return false;
        }

        _row = _row == LongRow + Samples - 1 ? LongRow : _row + 1;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _fast.Dispose();
}
