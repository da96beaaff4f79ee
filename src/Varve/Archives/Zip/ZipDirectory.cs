using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using Varve.Model;

namespace Varve.Archives.Zip;

/// <summary>
/// Reads the directory of a zip, whoever made it. What makes the whole doubtful is damage: no end, more than one disk, a directory that
/// does not end where the end says, records that are cut short. What concerns one entry is said of that. Stateless.
/// </summary>
internal static class ZipDirectory
{
    private const int MostPadding = 64 << 10;

    private static readonly Subject s_what = Subject.PartOnly("the directory of the zip");

    /// <summary>The entries, by the places of their headers. Names are not looked at, sizes not believed.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="mostEntries">More entries than this are refused.</param>
    /// <param name="zone">The zone of times that have none.</param>
    /// <exception cref="VarveException">Damaged, Storage. Usage: more entries than allowed.</exception>
    internal static List<ZipEntry> Read(IRandomBytes file, long mostEntries, TimeZoneInfo zone)
    {
        (long start, long length, long count) = FindDirectory(file);
        if (count > mostEntries)
        {
            throw new VarveException(ErrorKind.Usage, Subject.None,
                string.Create(CultureInfo.InvariantCulture, $"the archive has {count} entries, and {mostEntries} are allowed"));
        }

        bool isPossible = length <= Array.MaxLength && count <= length / ZipLayout.CentralLength;
        if (!isPossible) { throw Damaged("it has not so many entries as the end says"); }
        var bytes = new byte[length];
        file.Read(start, bytes);
        var entries = new List<ZipEntry>((int)count);
        ReadOnlySpan<byte> rest = bytes;
        while (!rest.IsEmpty) { entries.Add(Record(ref rest, zone)); }
        if (entries.Count != count) { throw Damaged("it has not so many entries as the end says"); }
        entries.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        for (int i = 0; i < entries.Count; i++)
        {
            ZipEntry entry = entries[i];
            entry.Limit = i + 1 < entries.Count ? entries[i + 1].Start : start;
            bool overlaps = entry.Packed > entry.Limit - entry.Start - ZipLayout.LocalLength - entry.RawPath.Length;
            if (overlaps) { entry.Refused ??= "its bytes overlap those of another entry"; }
        }

        return entries;
    }

    private static (long Start, long Length, long Count) FindDirectory(IRandomBytes file)
    {
        var tail = new byte[(int)Math.Min(file.Length, ZipLayout.MostComment + ZipLayout.EndLength + MostPadding)];
        file.Read(file.Length - tail.Length, tail);
        int at = tail.Length - ZipLayout.EndLength;
        while (at >= 0 && !IsEnd(tail, at)) { at--; }
        if (at < 0) { throw VarveException.Damaged(Subject.PartOnly("the zip"), "it has no end: it may be cut short"); }
        ReadOnlySpan<byte> end = tail.AsSpan(at);
        long position = file.Length - tail.Length + at;
        long disks = U16(end[4..]) + U16(end[6..]);
        long count = U16(end[10..]), length = U32(end[12..]), start = U32(end[16..]);
        bool isSame = U16(end[8..]) == count;
        bool isLong = at >= ZipLayout.Locator64Length && U32(tail.AsSpan(at - ZipLayout.Locator64Length)) == ZipLayout.Locator64Signature;
        if (isLong)
        {
            ReadOnlySpan<byte> locator = tail.AsSpan(at - ZipLayout.Locator64Length);
            long place = I64(locator[8..]);
            var record = new byte[ZipLayout.End64Length];
            bool isBefore = place >= 0 && place <= position - ZipLayout.Locator64Length - record.Length;
            if (!isBefore) { throw Damaged("its end lies elsewhere than it says"); }
            file.Read(place, record);
            if (U32(record) != ZipLayout.End64Signature) { throw Damaged("its end lies elsewhere than it says"); }
            disks = U32(locator[4..]) + U32(record.AsSpan(16)) + U32(record.AsSpan(20));
            (count, length, start) = (I64(record.AsSpan(32)), I64(record.AsSpan(40)), I64(record.AsSpan(48)));
            isSame = I64(record.AsSpan(24)) == count;
            position = place;
        }

        if (disks != 0 || !isSame) { throw new VarveException(ErrorKind.Unsupported, Subject.None, "the zip has several volumes"); }
        if (start < 0 || length < 0 || count < 0 || start > position || length != position - start)
        {
            throw Damaged("it does not end where the end of the zip says");
        }

        return (start, length, count);
    }

    /// <summary>Whether the end is there: nothing but zeros may follow, as where bsdtar writes to a pipe.</summary>
    private static bool IsEnd(byte[] tail, int at)
    {
        if (U32(tail.AsSpan(at)) != ZipLayout.EndSignature) { return false; }
        int end = at + ZipLayout.EndLength + U16(tail.AsSpan(at + 20));
        return end <= tail.Length && !tail.AsSpan(end).ContainsAnyExcept((byte)0);
    }

    private static ZipEntry Record(ref ReadOnlySpan<byte> rest, TimeZoneInfo zone)
    {
        if (rest.Length < ZipLayout.CentralLength || U32(rest) != ZipLayout.CentralSignature) { throw Damaged("a record in it is cut short"); }
        int name = U16(rest[28..]), extra = U16(rest[30..]), comment = U16(rest[32..]);
        if (rest.Length - ZipLayout.CentralLength < name + extra + comment) { throw Damaged("a record in it is cut short"); }
        ReadOnlySpan<byte> record = rest[..ZipLayout.CentralLength];
        byte[] path = rest.Slice(ZipLayout.CentralLength, name).ToArray();
        ReadOnlySpan<byte> fields = rest.Slice(ZipLayout.CentralLength + name, extra);
        rest = rest[(ZipLayout.CentralLength + name + extra + comment)..];
        bool isUnix = record[5] is ZipLayout.Unix or ZipLayout.Darwin;
        uint mode = U32(record[38..]) >> 16;
        bool hasMode = isUnix && mode != 0;
        var entry = new ZipEntry
        {
            RawPath = path, Path = UnicodePath(fields, path) ?? path, Flags = U16(record[8..]), Method = U16(record[10..]),
            Crc = U32(record[16..]), Packed = U32(record[20..]), Start = U32(record[42..]), HasMode = hasMode,
        };
        entry.Stat.Size = U32(record[24..]);
        entry.Stat.Mode = mode & 0xFFF;
        entry.Stat.Kind = path is [.., (byte)'/'] ? EntryKind.Directory : hasMode ? Kind(mode) : EntryKind.File;
        entry.Stat.Mtime = ZipText.FromDos(U32(record[12..])) is { } dos ? InZone(dos, zone) : default;
        Take64(entry, fields);
        Fields(entry, fields);
        if ((entry.Flags & (ZipLayout.FlagEncrypted | ZipLayout.FlagStrongEncryption | ZipLayout.FlagMasked)) != 0)
        {
            entry.Refused = "it is encrypted";
        }
        else if (entry.Method is not (ZipLayout.Stored or ZipLayout.Deflated))
        {
            entry.Refused = string.Create(CultureInfo.InvariantCulture, $"it is packed by method {entry.Method}: only 0 (stored) and 8 (deflate) are read");
        }
        else if (entry.Stat.Kind == EntryKind.None) { entry.Refused = "it is neither file, directory nor symbolic link"; }
        else if (entry.Stat.Size < 0 || entry.Packed < 0 || entry.Start < 0) { entry.Refused = "its sizes make no sense"; }
        return entry;
    }

    private static EntryKind Kind(uint mode) => (mode & 0xF000) switch
    {
        0 or 0x8000 or 0x1000 => EntryKind.File, // zip says fifo of what it read from one: its content is there
        0x4000 => EntryKind.Directory,
        0xA000 => EntryKind.Symlink,
        _ => EntryKind.None,
    };

    /// <summary>DOS has local times.</summary>
    private static FileTime InZone(FileTime dos, TimeZoneInfo zone)
    {
        DateTime local = DateTime.SpecifyKind(dos.ToDateTimeOffset().DateTime, DateTimeKind.Unspecified);
        return FileTime.From(new DateTimeOffset(local, zone.GetUtcOffset(local)));
    }

    private static void Take64(ZipEntry entry, ReadOnlySpan<byte> fields)
    {
        while (Next(ref fields, out ushort id, out ReadOnlySpan<byte> value))
        {
            if (id != ZipLayout.Zip64Field) { continue; }
            if (entry.Stat.Size == ZipLayout.Max32) { entry.Stat.Size = Long(ref value, entry); }
            if (entry.Packed == ZipLayout.Max32) { entry.Packed = Long(ref value, entry); }
            if (entry.Start == ZipLayout.Max32) { entry.Start = Long(ref value, entry); }
            return;
        }
    }

    private static long Long(ref ReadOnlySpan<byte> value, ZipEntry entry)
    {
        if (value.Length < 8)
        {
            entry.Refused = "its sizes make no sense";
            return 0;
        }

        long number = I64(value);
        value = value[8..];
        return number;
    }

    private static void Fields(ZipEntry entry, ReadOnlySpan<byte> fields)
    {
        bool hasTime = false;
        while (Next(ref fields, out ushort id, out ReadOnlySpan<byte> v))
        {
            switch (id)
            {
                case ZipLayout.TimeField when v.Length >= 5 && (v[0] & 1) != 0:
                    entry.Stat.Mtime = new FileTime(BinaryPrimitives.ReadInt32LittleEndian(v[1..]), 0);
                    hasTime = true;
                    break;
                case ZipLayout.OldUnixField when v.Length >= 8 && !hasTime:
                    entry.Stat.Mtime = new FileTime(BinaryPrimitives.ReadInt32LittleEndian(v[4..]), 0);
                    hasTime = true;
                    break;
                case ZipLayout.NtfsField when v.Length >= 16 && U16(v[4..]) == 1 && !hasTime:
                    long ticks = I64(v[8..]);
                    if (ticks > 0 && ticks < DateTime.MaxValue.ToFileTimeUtc())
                    {
                        entry.Stat.Mtime = FileTime.From(DateTimeOffset.FromFileTime(ticks));
                    }

                    break;
                case ZipLayout.UnixField when v.Length >= 3 && v[0] == 1 && v.Length >= 3 + v[1] && v.Length >= 3 + v[1] + v[2 + v[1]]:
                    uint? uid = Id(v.Slice(2, v[1])), gid = Id(v.Slice(3 + v[1], v[2 + v[1]]));
                    if (uid is null || gid is null) { break; }
                    (entry.Stat.Uid, entry.Stat.Gid, entry.HasOwner) = (uid.Value, gid.Value, true);
                    break;
                default: break;
            }
        }
    }

    private static uint? Id(ReadOnlySpan<byte> number)
    {
        ulong id = 0;
        for (int i = number.Length - 1; i >= 0; i--)
        {
            if (id > uint.MaxValue) { return null; }
            id = (id << 8) | number[i];
        }

        return number.IsEmpty || id > uint.MaxValue ? null : (uint)id;
    }

    private static byte[]? UnicodePath(ReadOnlySpan<byte> fields, byte[] path)
    {
        while (Next(ref fields, out ushort id, out ReadOnlySpan<byte> v))
        {
            bool isIt = id == ZipLayout.UnicodePathField && v.Length > 5 && v[0] == 1 && U32(v[1..]) == Crc32.HashToUInt32(path);
            if (isIt) { return v[5..].ToArray(); }
        }

        return null;
    }

    private static bool Next(ref ReadOnlySpan<byte> fields, out ushort id, out ReadOnlySpan<byte> value)
    {
        id = 0;
        value = default;
        if (fields.Length < 4) { return false; }
        id = U16(fields);
        int length = U16(fields[2..]);
        if (length > fields.Length - 4) { return false; }
        value = fields.Slice(4, length);
        fields = fields[(4 + length)..];
        return true;
    }

    private static VarveException Damaged(string how) => VarveException.Damaged(s_what, how);

    private static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long I64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);
}
