using System.Buffers.Binary;
using Varve.Model;
using Varve.Platform;

namespace Varve.Archives.Output;

/// <summary>Finds the comment of an archive of ours: at the end of a zip, at the beginning of a tar. Stateless.</summary>
internal static class CommentReader
{
    /// <summary>Bytes of the header of a tar's comment, and of the comment with what pax has around it.</summary>
    internal const int TarLength = 512 + TarRecord, TarRecord = 4096;

    private const int MostEnd = 65_535 + 22;

    /// <summary>The comment of an open file; null if it has none of ours, or cannot be read.</summary>
    internal static ArchiveComment? Read(int file)
    {
        if (Posix.Stat(file, out EntryStat stat) != 0 || stat.Kind != EntryKind.File) { return null; }
        var head = new byte[TarLength + 64];
        if (Posix.ReadAt(file, head, 0, out int length) != 0 || length < 4) { return null; }
        if (BinaryPrimitives.ReadUInt32LittleEndian(head) == 0x04034B50 || head.AsSpan().StartsWith("PK\x05\x06"u8))
        {
            return ReadZip(file, stat.Size);
        }

        ReadOnlySpan<byte> tar = head.AsSpan(0, length);
        byte[] block = new byte[TarLength];
        if (tar is [0x28, 0xB5, 0x2F, 0xFD, ..]) { tar = tar.Length >= 10 + TarLength ? tar.Slice(10, TarLength) : []; }
        else if (tar is [0x1F, 0x8B, ..]) { tar = tar.Length >= 15 + TarLength ? tar.Slice(15, TarLength) : []; }

        if (tar.Length < TarLength || tar[156] != (byte)'g') { return null; }
        tar[..TarLength].CopyTo(block);
        ReadOnlySpan<byte> record = block.AsSpan(512);
        int equals = record.IndexOf("comment="u8);
        return equals is < 0 or > 12 ? null : ArchiveComment.TryParse(record[(equals + 8)..]);
    }

    private static ArchiveComment? ReadZip(int file, long size)
    {
        int length = (int)Math.Min(size, MostEnd);
        var tail = new byte[length];
        int filled = 0;
        while (filled < length)
        {
            if (Posix.ReadAt(file, tail.AsSpan(filled), size - length + filled, out int read) != 0 || read == 0) { return null; }
            filled += read;
        }

        for (int at = length - 22; at >= 0; at--)
        {
            bool isEnd = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) == 0x06054B50
                && BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 20)) == length - at - 22;
            if (isEnd) { return ArchiveComment.TryParse(tail.AsSpan(at + 22)); }
        }

        return null;
    }
}
