using System.Buffers.Binary;
using System.IO.Hashing;
using Varve.Archives.Codec;
using Varve.Archives.Feed;
using Varve.Archives.Output;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Archives.Zip;

/// <summary>
/// Writes a zip. Sizes and CRC stand in the local headers, so that readers which go by these need no more: of a large entry they are
/// written there once they are known. zip64 wherever a number needs it. The directory is in memory until the end: some 100 bytes an entry.
/// Not thread-safe.
/// </summary>
#pragma warning disable CA1001 // a stream over memory holds nothing else
internal sealed class ZipWriter(OutputFile output) : IFormatWriter
#pragma warning restore CA1001
{
    /// <summary>From this size on an entry has room for 64 bits in its local header: what is deflated may be longer.</summary>
    private const long Zip64From = 0xF000_0000;

    /// <summary>Of an entry, its records in both places without its path.</summary>
    private const int MostRecords = 256;

    private readonly MemoryStream _directory = new();
    private readonly ByteWriter _record = new();
    private long _entries, _start;
    private bool _isDropped;

    /// <inheritdoc/>
    public long Bound => output.Position + _directory.Length + ZipLayout.End64Length + ZipLayout.Locator64Length + ZipLayout.EndLength
        + MostComment;

    /// <summary>Bytes of the comment at most. Set before anything is written.</summary>
    internal int MostComment { get; init; } = ZipLayout.MostComment;

    /// <inheritdoc/>
    public void Settle()
    {
    }

    /// <inheritdoc/>
    public long MostOf(ArchiveJob job)
    {
        // Deflated pieces may be longer than what they are of, by 5 bytes for each 16 KiB and 5 for each piece.
        long size = job.Entry.Stat.Size;
        long content = job.Kind == JobKind.Begin ? size + (size / 1024) + 4096 : Math.Max(job.Length, job.Entry.Target.Length);
        return content + (2 * job.Entry.Path.Length) + MostRecords;
    }

    /// <inheritdoc/>
    public void Write(ArchiveJob job)
    {
        switch (job.Kind)
        {
            case JobKind.Whole or JobKind.Begin when job.Entry.Path.Length > ushort.MaxValue:
                job.Failure ??= new Failure(job.Entry.Below, FailedOperation.Write, 0, "its path has more than 65,535 bytes");
                (_start, _isDropped) = (output.Position, true);
                break;
            case JobKind.Whole when job.Failure is null: WriteWhole(job); break;
            case JobKind.Begin:
                (_start, _isDropped) = (output.Position, false);
                WriteLocal(job.Entry, ZipLayout.Deflated, 0, 0, job.Entry.Stat.Size);
                break;
            case JobKind.Piece when job.Failure is null && !_isDropped:
                output.Write(job.Bytes);
                job.Large!.Crc = Crc(job);
                job.Large.Written += job.Length;
                break;
            case JobKind.Piece: _isDropped = true; break;
            case JobKind.End: WriteEnd(job); break;
            default: break;
        }
    }

    /// <inheritdoc/>
    public void Finish(ArchiveComment comment)
    {
        long start = output.Position;
        _directory.WriteTo(output);
        long length = output.Position - start;
        byte[] text = comment.ToBytes(MostComment);
        _record.Clear();
        bool isLong = _entries >= ushort.MaxValue || start >= ZipLayout.Max32 || length >= ZipLayout.Max32;
        if (isLong)
        {
            long at = output.Position;
            _record.U32(ZipLayout.End64Signature);
            _record.U64(ZipLayout.End64Length - 12);
            _record.U16((ZipLayout.Unix << 8) | ZipLayout.Version45);
            _record.U16(ZipLayout.Version45);
            _record.U32(0);
            _record.U32(0);
            _record.U64((ulong)_entries);
            _record.U64((ulong)_entries);
            _record.U64((ulong)length);
            _record.U64((ulong)start);
            _record.U32(ZipLayout.Locator64Signature);
            _record.U32(0);
            _record.U64((ulong)at);
            _record.U32(1);
        }

        ushort entries = (ushort)Math.Min(_entries, ushort.MaxValue);
        _record.U32(ZipLayout.EndSignature);
        _record.U16(0);
        _record.U16(0);
        _record.U16(entries);
        _record.U16(entries);
        _record.U32((uint)Math.Min(length, ZipLayout.Max32));
        _record.U32((uint)Math.Min(start, ZipLayout.Max32));
        _record.U16((ushort)text.Length);
        _record.Raw(text);
        output.Write(_record.Written);
    }

    private static uint Crc(ArchiveJob job) => CrcParts.Combine(job.Large!.Crc, job.Crc, job.RawLength);

    private void WriteWhole(ArchiveJob job)
    {
        ArchiveEntry entry = job.Entry;
        bool isLink = entry.Stat.Kind == EntryKind.Symlink;
        ReadOnlySpan<byte> bytes = isLink ? entry.Target : job.Bytes;
        long size = isLink ? entry.Target.Length : job.RawLength;
        uint crc = isLink ? Crc32.HashToUInt32(entry.Target) : job.Crc;
        ushort method = job.IsDeflated ? ZipLayout.Deflated : ZipLayout.Stored;
        long start = output.Position;
        WriteLocal(entry, method, crc, bytes.Length, size);
        output.Write(bytes);
        WriteCentral(entry, method, crc, bytes.Length, size, start);
    }

    private void WriteEnd(ArchiveJob job)
    {
        ArchiveEntry entry = job.Entry;
        if (_isDropped)
        {
            output.Rewind(_start);
            return;
        }

        LargeContent large = job.Large!;
        Span<byte> sizes = stackalloc byte[12];
        bool isLong = entry.Stat.Size >= Zip64From;
        BinaryPrimitives.WriteUInt32LittleEndian(sizes, large.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(sizes[4..], isLong ? ZipLayout.Max32 : (uint)large.Written);
        BinaryPrimitives.WriteUInt32LittleEndian(sizes[8..], isLong ? ZipLayout.Max32 : (uint)entry.Stat.Size);
        output.Patch(_start + 14, sizes);
        if (isLong)
        {
            Span<byte> longSizes = stackalloc byte[16];
            BinaryPrimitives.WriteInt64LittleEndian(longSizes, entry.Stat.Size);
            BinaryPrimitives.WriteInt64LittleEndian(longSizes[8..], large.Written);
            output.Patch(_start + ZipLayout.LocalLength + entry.Path.Length + 4, longSizes); // the first of the extra fields
        }

        WriteCentral(entry, ZipLayout.Deflated, large.Crc, large.Written, entry.Stat.Size, _start);
    }

    private void WriteLocal(ArchiveEntry entry, ushort method, uint crc, long packed, long size)
    {
        bool isLong = size >= Zip64From;
        _record.Clear();
        _record.U32(ZipLayout.LocalSignature);
        WriteCommon(entry, method, isLong, crc, isLong ? ZipLayout.Max32 : packed, isLong ? ZipLayout.Max32 : size);
        int extra = (isLong ? 20 : 0) + ExtraLength(entry);
        _record.U16((ushort)extra);
        _record.Raw(entry.Path);
        if (isLong)
        {
            _record.U16(ZipLayout.Zip64Field);
            _record.U16(16);
            _record.U64((ulong)size);
            _record.U64((ulong)packed);
        }

        WriteExtra(entry);
        output.Write(_record.Written);
    }

    private void WriteCentral(ArchiveEntry entry, ushort method, uint crc, long packed, long size, long start)
    {
        bool longSize = size >= ZipLayout.Max32, longPacked = packed >= ZipLayout.Max32, longStart = start >= ZipLayout.Max32;
        int numbers = 8 * ((longSize ? 1 : 0) + (longPacked ? 1 : 0) + (longStart ? 1 : 0));
        _record.Clear();
        _record.U32(ZipLayout.CentralSignature);
        _record.U16((ZipLayout.Unix << 8) | ZipLayout.Version45);
        WriteCommon(entry, method, numbers > 0 || size >= Zip64From, crc, Math.Min(packed, ZipLayout.Max32), Math.Min(size, ZipLayout.Max32));
        _record.U16((ushort)((numbers > 0 ? numbers + 4 : 0) + ExtraLength(entry)));
        _record.U16(0);
        _record.U16(0);
        _record.U16(0);
        _record.U32((ZipText.ModeOf(in entry.Stat) << 16) | (entry.Stat.Kind == EntryKind.Directory ? 0x10u : 0));
        _record.U32((uint)Math.Min(start, ZipLayout.Max32));
        _record.Raw(entry.Path);
        if (numbers > 0)
        {
            _record.U16(ZipLayout.Zip64Field);
            _record.U16((ushort)numbers);
            if (longSize) { _record.U64((ulong)size); }
            if (longPacked) { _record.U64((ulong)packed); }
            if (longStart) { _record.U64((ulong)start); }
        }

        WriteExtra(entry);
        _directory.Write(_record.Written);
        _entries++;
    }

    private void WriteCommon(ArchiveEntry entry, ushort method, bool isLong, uint crc, long packed, long size)
    {
        ushort version = isLong ? ZipLayout.Version45 : method == ZipLayout.Deflated || entry.Stat.Kind == EntryKind.Directory
            ? ZipLayout.Version20 : ZipLayout.Version10;
        _record.U16(version);
        _record.U16(ZipText.IsMarkedUtf8(entry.Path) ? ZipLayout.FlagUtf8 : (ushort)0);
        _record.U16(method);
        _record.U32(ZipText.ToDos(entry.Stat.Mtime));
        _record.U32(crc);
        _record.U32((uint)packed);
        _record.U32((uint)size);
        _record.U16((ushort)entry.Path.Length);
    }

    private static bool HasTime(ArchiveEntry entry) => entry.Stat.Mtime.Seconds is >= int.MinValue and <= int.MaxValue;

    private static int ExtraLength(ArchiveEntry entry) => (HasTime(entry) ? 9 : 0) + 15;

    private void WriteExtra(ArchiveEntry entry)
    {
        if (HasTime(entry))
        {
            _record.U16(ZipLayout.TimeField);
            _record.U16(5);
            _record.U8(1); // the modification time is there, and no other
            _record.U32((uint)(int)entry.Stat.Mtime.Seconds);
        }

        _record.U16(ZipLayout.UnixField);
        _record.U16(11);
        _record.U8(1);
        _record.U8(4);
        _record.U32(entry.Stat.Uid);
        _record.U8(4);
        _record.U32(entry.Stat.Gid);
    }
}
