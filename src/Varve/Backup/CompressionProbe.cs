using Varve.Platform;

namespace Varve.Backup;

/// <summary>
/// Tells from a few samples whether a long chunk is worth compressing. What has been compressed or encrypted before (media, archives) is not, and is most of what people have by
/// volume: it need then neither go through the compressor nor be gathered into a block first. It errs only in size: a chunk whose samples are all noise and that has repetitions
/// between them is stored as it is. Not thread-safe.
/// </summary>
internal sealed class CompressionProbe : IDisposable
{
    /// <summary>Shorter chunks are not asked about: together they make a block worth compressing, or not.</summary>
    internal const int MinLength = 64 << 10;

    private const int Samples = 4, SampleLength = 4 << 10;

    private readonly ZstdCompressor _fast = new(1);
    private readonly byte[] _scratch = new byte[ZstdCompressor.Bound(SampleLength)];

    /// <summary>Whether compressing a chunk of at least <see cref="MinLength"/> would save less than a hundredth.</summary>
    internal bool IsHopeless(ReadOnlySpan<byte> chunk)
    {
        int step = (chunk.Length - SampleLength) / (Samples - 1);
        for (int i = 0; i < Samples; i++)
        {
            int length = _fast.Compress(chunk.Slice(i * step, SampleLength), _scratch);
            if (length < SampleLength - (SampleLength / 100)) { return false; }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _fast.Dispose();
}
