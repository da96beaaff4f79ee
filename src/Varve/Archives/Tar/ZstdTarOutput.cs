using System.Buffers;
using System.Buffers.Binary;
using Varve.Archives.Output;
using Varve.Platform.Zstd;

namespace Varve.Archives.Tar;

/// <summary>
/// A tar in zstd frames of 8 MiB, compressed on all cores. The beginning is a frame of its own that is not compressed, so that its length
/// is known before its bytes are.
/// </summary>
internal sealed class ZstdTarOutput : ITarOutput
{
    private const int HeadLength = CommentReader.ZstdHead, BlockLength = 8 << 20, Level = 3, Overhead = HeadLength;

    private readonly OutputFile _file;
    private readonly BlockStream _blocks;

    internal ZstdTarOutput(OutputFile file, int threads)
    {
        _file = file;
        _blocks = new BlockStream(threads, BlockLength, static () =>
        {
            var compressor = new ZstdCompressor(Level, 2 << 20);
            return block =>
            {
                if (block.RawLength == 0) { return; }
                block.Packed = ArrayPool<byte>.Shared.Rent(ZstdCompressor.Bound(block.RawLength));
                block.PackedLength = compressor.Compress(block.Raw.AsSpan(0, block.RawLength), block.Packed);
            };
        }, block => file.Write(block.Packed.AsSpan(0, block.PackedLength)));
    }

    /// <inheritdoc/>
    public Stream Stream => _blocks;

    /// <inheritdoc/>
    public long Bound => CommentReader.TarLength + Overhead + _blocks.Bound;

    /// <inheritdoc/>
    public void Settle() => _blocks.Settle();

    /// <inheritdoc/>
    public void Reserve(int length) => _file.Write(new byte[length + HeadLength]);

    /// <inheritdoc/>
    public void Finish(ReadOnlySpan<byte> beginning)
    {
        _blocks.Finish();
        var frame = new byte[beginning.Length + HeadLength];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, 0xFD2FB528);
        frame[4] = 0x60; // one segment; its length in two bytes
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(5), (ushort)(beginning.Length - 256));
        int block = (beginning.Length << 3) | 1; // raw, and the last
        (frame[7], frame[8], frame[9]) = ((byte)block, (byte)(block >> 8), (byte)(block >> 16));
        beginning.CopyTo(frame.AsSpan(HeadLength));
        _file.Patch(0, frame);
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks.Dispose();
}
