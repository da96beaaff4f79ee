using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.History.Content;

/// <summary>
/// Writes headers of a tar of the pax format (POSIX.1-2001). What the old header holds stands there as bytes, so that names need not be
/// UTF-8; what it cannot hold (long names, large numbers, parts of seconds, extended attributes as <c>SCHILY.xattr.NAME</c>) stands in an
/// extended header before it. Not thread-safe.
/// </summary>
internal sealed class PaxWriter(Stream output)
{
    private const int Block = 512, NameLength = 100, PrefixLength = 155;
    private const long MostId = 0x1FFFFF, MostSize = 0x1FFFFFFFF;

    private readonly ByteWriter _extended = new();
    private readonly byte[] _header = new byte[Block];

    /// <summary>Writes the header of an entry.</summary>
    /// <param name="type">The letter of its kind.</param>
    /// <param name="path">Relative; of a directory with a slash at its end.</param>
    /// <param name="link">What a link points to; else empty.</param>
    /// <param name="stat">Its metadata.</param>
    /// <param name="size">Bytes that follow.</param>
    /// <param name="owners">Names of user and group; empty if they have none.</param>
    /// <param name="xattrs">Extended attributes.</param>
    /// <param name="more">Further records of the extended header.</param>
    internal void Header(char type, ReadOnlySpan<byte> path, ReadOnlySpan<byte> link, in EntryStat stat, long size,
        (byte[] User, byte[] Group) owners, IReadOnlyList<Xattr> xattrs, IReadOnlyList<(string Key, byte[] Value)>? more = null)
    {
        _extended.Clear();
        // Records are UTF-8 unless this is said; bsdtar goes by it, GNU tar takes bytes as they are.
        bool isBinary = (path.Length > NameLength && !Utf8.IsValid(path)) || (link.Length > NameLength && !Utf8.IsValid(link));
        if (isBinary) { Record("hdrcharset"u8, "BINARY"u8); }
        foreach ((string key, byte[] value) in more ?? []) { Record(Encoding.ASCII.GetBytes(key), value); }
        int prefix = path.Length <= NameLength ? 0 : Split(path);
        if (prefix < 0) { Record("path"u8, path); }
        if (link.Length > NameLength) { Record("linkpath"u8, link); }
        if (size > MostSize) { Record("size"u8, Number(size)); }
        if (stat.Uid > MostId) { Record("uid"u8, Number(stat.Uid)); }
        if (stat.Gid > MostId) { Record("gid"u8, Number(stat.Gid)); }
        if (stat.Mtime.Nanoseconds != 0 || stat.Mtime.Seconds is < 0 or > MostSize) { Record("mtime"u8, Time(stat.Mtime)); }
        foreach (Xattr x in xattrs) { Record([.. "SCHILY.xattr."u8, .. x.Name], x.Value); }
        if (_extended.Length > 0)
        {
            Old('x', "./PaxHeaders/entry"u8, default, 0, default, _extended.Length, ([], []));
            output.Write(_extended.Written);
            Pad(_extended.Length);
        }

        Old(type, prefix < 0 ? path[..NameLength] : path, link[..Math.Min(link.Length, NameLength)], Math.Max(prefix, 0), in stat, size,
            owners);
    }

    /// <summary>
    /// Writes a header for all that follows, with a comment and nothing else; <paramref name="length"/> is what it takes, without the
    /// first block: a multiple of 512.
    /// </summary>
    internal void Comment(ReadOnlySpan<byte> text, int length)
    {
        byte[] padded = new byte[length - Number(length).Length - " comment=\n".Length];
        padded.AsSpan().Fill((byte)' ');
        text.CopyTo(padded);
        _extended.Clear();
        Record("comment"u8, padded);
        Old('g', "./GlobalHead"u8, default, 0, default, length, ([], []));
        output.Write(_extended.Written);
    }

    /// <summary>Fills the last block of what has that length.</summary>
    internal void Pad(long length)
    {
        int rest = (int)(length % Block);
        if (rest > 0) { output.Write(new byte[Block - rest]); }
    }

    /// <summary>Two empty blocks.</summary>
    internal void End() => output.Write(new byte[2 * Block]);

    private void Old(char type, ReadOnlySpan<byte> path, ReadOnlySpan<byte> link, int prefix, in EntryStat stat, long size,
        (byte[] User, byte[] Group) owners)
    {
        Span<byte> h = _header;
        h.Clear();
        if (prefix > 0)
        {
            path[..prefix].CopyTo(h[345..]);
            path = path[(prefix + 1)..];
        }

        path.CopyTo(h);
        Octal(h.Slice(100, 8), stat.Mode & 0xFFF);
        Octal(h.Slice(108, 8), Math.Min(stat.Uid, MostId));
        Octal(h.Slice(116, 8), Math.Min(stat.Gid, MostId));
        Octal(h.Slice(124, 12), Math.Min(size, MostSize));
        Octal(h.Slice(136, 12), Math.Clamp(stat.Mtime.Seconds, 0, MostSize));
        h.Slice(148, 8).Fill((byte)' ');
        h[156] = (byte)type;
        link.CopyTo(h[157..]);
        "ustar\0"u8.CopyTo(h[257..]);
        "00"u8.CopyTo(h[263..]);
        owners.User.AsSpan(0, Math.Min(owners.User.Length, 31)).CopyTo(h[265..]);
        owners.Group.AsSpan(0, Math.Min(owners.Group.Length, 31)).CopyTo(h[297..]);
        if (type is '3' or '4')
        {
            Octal(h.Slice(329, 8), stat.RdevMajor);
            Octal(h.Slice(337, 8), stat.RdevMinor);
        }

        int sum = 0;
        foreach (byte b in h) { sum += b; }
        Octal(h.Slice(148, 7), sum);
        output.Write(h);
    }

    /// <summary>Where a path is cut into prefix and name; -1 if it cannot be.</summary>
    private static int Split(ReadOnlySpan<byte> path)
    {
        int at = path[..Math.Min(path.Length - 1, PrefixLength + 1)].LastIndexOf((byte)'/');
        return at > 0 && path.Length - at - 1 <= NameLength ? at : -1;
    }

    /// <summary>The length of a record counts its own digits.</summary>
    private void Record(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int rest = name.Length + value.Length + 3, length = rest + 1;
        while (length != rest + Number(length).Length) { length = rest + Number(length).Length; }
        _extended.Raw(Number(length));
        _extended.U8((byte)' ');
        _extended.Raw(name);
        _extended.U8((byte)'=');
        _extended.Raw(value);
        _extended.U8((byte)'\n');
    }

    private static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Before the epoch the fraction counts backwards.</summary>
    private static byte[] Time(FileTime time)
    {
        bool isBefore = time.Seconds < 0 && time.Nanoseconds > 0;
        long seconds = isBefore ? time.Seconds + 1 : time.Seconds;
        int fraction = isBefore ? 1_000_000_000 - time.Nanoseconds : time.Nanoseconds;
        string sign = isBefore && seconds == 0 ? "-" : "";
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{fraction:D9}"));
    }

    private static void Octal(Span<byte> field, long value)
    {
        for (int i = field.Length - 2; i >= 0; i--, value >>= 3) { field[i] = (byte)('0' + (value & 7)); }
        field[^1] = 0;
    }
}
