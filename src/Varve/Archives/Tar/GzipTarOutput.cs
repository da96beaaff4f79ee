using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using Varve.Archives.Codec;
using Varve.Archives.Output;

namespace Varve.Archives.Tar;

/// <summary>
/// A tar in gzip, deflated on all cores. The beginning is a member of its own that is not compressed, so that its length is known before
/// its bytes are; all else is one member.
/// </summary>
internal sealed class GzipTarOutput : ITarOutput
{
    private const int HeadLength = CommentReader.GzipHead, TailLength = 8, Overhead = (2 * HeadLength) + (2 * TailLength);

    private readonly OutputFile _file;
    private readonly BlockStream _blocks;
    private uint _crc;
    private long _length;

    internal GzipTarOutput(OutputFile file, int threads)
    {
        _file = file;
        _blocks = new BlockStream(threads, Deflater.PieceLength, static () =>
        {
            var deflater = new Deflater();
            return block =>
            {
                ReadOnlySpan<byte> raw = block.Raw.AsSpan(0, block.RawLength);
                block.Crc = Crc32.HashToUInt32(raw);
                ReadOnlySpan<byte> packed = deflater.Deflate(raw, block.IsLast);
                block.Packed = ArrayPool<byte>.Shared.Rent(Math.Max(packed.Length, 1));
                block.PackedLength = packed.Length;
                packed.CopyTo(block.Packed);
            };
        }, Write);
    }

    /// <inheritdoc/>
    public Stream Stream => _blocks;

    // No time, no name; the system is unknown.
    private static ReadOnlySpan<byte> Head => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];

    /// <inheritdoc/>
    public long Bound => CommentReader.TarLength + Overhead + _blocks.Bound;

    /// <inheritdoc/>
    public void Settle() => _blocks.Settle();

    /// <inheritdoc/>
    public void Reserve(int length)
    {
        _file.Write(new byte[HeadLength + length + TailLength]);
        _file.Write(Head);
    }

    /// <inheritdoc/>
    public void Finish(ReadOnlySpan<byte> beginning)
    {
        _blocks.Finish();
        Span<byte> tail = stackalloc byte[TailLength];
        Tail(tail, _crc, _length);
        _file.Write(tail);

        var member = new byte[HeadLength + beginning.Length + TailLength];
        Head.CopyTo(member);
        member[10] = 1; // the last block, as it is
        BinaryPrimitives.WriteUInt16LittleEndian(member.AsSpan(11), (ushort)beginning.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(member.AsSpan(13), (ushort)~beginning.Length);
        beginning.CopyTo(member.AsSpan(HeadLength));
        Tail(member.AsSpan(HeadLength + beginning.Length), Crc32.HashToUInt32(beginning), beginning.Length);
        _file.Patch(0, member);
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks.Dispose();

    private void Write(BlockStream.Block block)
    {
        _crc = CrcParts.Combine(_crc, block.Crc, block.RawLength);
        _length += block.RawLength;
        _file.Write(block.Packed.AsSpan(0, block.PackedLength));
    }

    private static void Tail(Span<byte> tail, uint crc, long length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(tail, crc);
        BinaryPrimitives.WriteUInt32LittleEndian(tail[4..], (uint)length);
    }
}
