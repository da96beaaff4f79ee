using System.Buffers.Binary;
using Varve.Model;
using Varve.Platform;

namespace Varve.Archives.Output;

/// <summary>Finds the comment of an archive of ours: at the end of a zip, at the beginning of a tar. Stateless.</summary>
internal static class CommentReader
{
    /// <summary>Bytes of the header of a tar's comment, and of the comment with what pax has around it.</summary>
    internal const int TarLength = 512 + TarRecord, TarRecord = 4096;

    /// <summary>Bytes before the content of the first frame or member of a compressed tar, which is not compressed.</summary>
    internal const int ZstdHead = 10, GzipHead = 15;

    private const int EndLength = 22, MostEnd = 65_535 + EndLength, MostHead = TarLength + GzipHead;

    /// <summary>The comment of an open file; null if it has none of ours, or cannot be read.</summary>
    internal static ArchiveComment? Read(int file)
    {
        if (Posix.Stat(file, out EntryStat stat) != 0 || stat.Kind != EntryKind.File) { return null; }
        byte[] head = Read(file, 0, (int)Math.Min(stat.Size, MostHead));
        if (!head.AsSpan().StartsWith("PK"u8)) { return OfTar(head); }
        int length = (int)Math.Min(stat.Size, MostEnd);
        return OfZip(Read(file, stat.Size - length, length));
    }

    /// <summary>The comment of a tar, as it is or compressed, that begins with these bytes.</summary>
    internal static ArchiveComment? OfTar(ReadOnlySpan<byte> head)
    {
        int at = head switch
        {
            [0x28, 0xB5, 0x2F, 0xFD, ..] => ZstdHead,
            [0x1F, 0x8B, ..] => GzipHead,
            _ => 0,
        };
        if (head.Length < at + TarLength || head[at + 156] != (byte)'g') { return null; }
        ReadOnlySpan<byte> record = head.Slice(at + 512, TarRecord);
        int equals = record.IndexOf("comment="u8);
        return equals is < 0 or > 12 ? null : ArchiveComment.TryParse(record[(equals + 8)..]);
    }

    /// <summary>The comment of a zip that ends in these bytes.</summary>
    internal static ArchiveComment? OfZip(ReadOnlySpan<byte> tail)
    {
        for (int at = tail.Length - EndLength; at >= 0; at--)
        {
            bool isEnd = BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) == 0x06054B50
                && BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) == tail.Length - at - EndLength;
            if (isEnd) { return ArchiveComment.TryParse(tail[(at + EndLength)..]); }
        }

        return null;
    }

    private static byte[] Read(int file, long offset, int length)
    {
        var bytes = new byte[length];
        int filled = 0;
        while (filled < length)
        {
            if (Posix.ReadAt(file, bytes.AsSpan(filled), offset + filled, out int read) != 0 || read == 0) { return []; }
            filled += read;
        }

        return bytes;
    }
}
