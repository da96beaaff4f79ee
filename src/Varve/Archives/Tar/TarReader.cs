using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.Archives.Tar;

/// <summary>
/// Reads a tar, whoever made it: old ones, ustar, GNU's and pax, with the four ways in which GNU tar has holes. A header that makes no
/// sense ends it: nobody knows where the next one is. Bounded: extended headers of 16 MiB, maps of a million pieces. One thread.
/// </summary>
internal sealed class TarReader(Stream input)
{
    private const int Block = 512, MostExtended = 16 << 20, MostSegments = 1_000_000;

    private readonly byte[] _header = new byte[Block];
    private readonly PaxRecords _pax = new(), _global = new();
    private long _left, _padding;

    /// <summary>Bytes that were read.</summary>
    internal long Position { get; private set; }

    /// <summary>The next entry; what is left of the one before is skipped. Null at the end.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal TarEntry? Next()
    {
        Skip(_left + _padding);
        (_left, _padding) = (0, 0);
        _pax.Clear();
        byte[]? longPath = null, longLink = null;
        while (true)
        {
            if (!TryRead(_header)) { throw Damaged("it ends without its end: it may be cut short"); }
            if (!_header.AsSpan().ContainsAnyExcept((byte)0)) { return null; }
            if (!HasSum()) { throw Damaged("a header in it has another sum than it says"); }
            long size = Number(_header.AsSpan(124, 12));
            switch (_header[156])
            {
                case (byte)'x' or (byte)'X': _pax.Read(Extended(size)); break;
                case (byte)'g': _global.Read(Extended(size)); break;
                case (byte)'L': longPath = Extended(size).TrimEnd((byte)0).ToArray(); break;
                case (byte)'K': longLink = Extended(size).TrimEnd((byte)0).ToArray(); break;
                default: return Entry(size, longPath, longLink);
            }
        }
    }

    /// <summary>The next bytes of the content of the last entry; 0 at its end.</summary>
    /// <exception cref="VarveException">Damaged: it is cut short.</exception>
    internal int Read(Span<byte> into)
    {
        int want = (int)Math.Min(into.Length, _left);
        if (want == 0) { return 0; }
        int read = input.Read(into[..want]);
        if (read == 0) { throw Damaged("it is cut short"); }
        Position += read;
        _left -= read;
        return read;
    }

    private TarEntry Entry(long size, byte[]? longPath, byte[]? longLink)
    {
        if ((_pax.Number("size") ?? _global.Number("size")) is { } told) { size = told; }
        if (size < 0) { throw Damaged("a header in it has no size"); }
        byte type = _header[156];
        var entry = new TarEntry
        {
            Path = Pax("GNU.sparse.name") ?? Pax("path") ?? longPath ?? HeaderPath(),
            Link = Pax("linkpath") ?? longLink ?? Text(157, 100).ToArray(),
            Owners = (Pax("uname") ?? Text(265, 32).ToArray(), Pax("gname") ?? Text(297, 32).ToArray()),
        };
        ref EntryStat stat = ref entry.Stat;
        stat.Mode = (uint)Number(_header.AsSpan(100, 8)) & 0xFFF;
        stat.Uid = (uint)(_pax.Number("uid") ?? _global.Number("uid") ?? Number(_header.AsSpan(108, 8)));
        stat.Gid = (uint)(_pax.Number("gid") ?? _global.Number("gid") ?? Number(_header.AsSpan(116, 8)));
        stat.Mtime = _pax.Time("mtime") ?? _global.Time("mtime") ?? new FileTime(Number(_header.AsSpan(136, 12)), 0);
        stat.Kind = type switch
        {
            (byte)'0' or 0 or (byte)'7' or (byte)'S' or (byte)'1' => EntryKind.File,
            (byte)'2' => EntryKind.Symlink,
            (byte)'3' => EntryKind.CharDevice,
            (byte)'4' => EntryKind.BlockDevice,
            (byte)'5' => EntryKind.Directory,
            (byte)'6' => EntryKind.Fifo,
            _ => EntryKind.None,
        };
        if (type is 0 && entry.Path is [.., (byte)'/']) { stat.Kind = EntryKind.Directory; }
        if (stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice)
        {
            (stat.RdevMajor, stat.RdevMinor) = ((uint)Number(_header.AsSpan(329, 8)), (uint)Number(_header.AsSpan(337, 8)));
        }

        if (stat.Kind == EntryKind.None) { entry.Refused = $"it is of a kind ('{(char)type}') that is not read"; }
        entry.IsFurtherName = type == (byte)'1';
        // Links may tell the size of what they point to, and have no content then.
        bool hasContent = type is (byte)'0' or 0 or (byte)'7' or (byte)'S' || stat.Kind == EntryKind.None;
        _left = hasContent ? size : 0;
        _padding = (Block - (_left % Block)) % Block;
        Attributes(entry);
        if (stat.Kind == EntryKind.File && !entry.IsFurtherName) { Holes(entry, type == (byte)'S'); }
        return entry;
    }

    private void Attributes(TarEntry entry)
    {
        const string Prefix = "SCHILY.xattr.";
        foreach ((string key, byte[] value) in _pax.All)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal)) { Set(Encoding.Latin1.GetBytes(key[Prefix.Length..]), value); }
        }

        // An attribute may be there as bytes besides.
        if (_pax.Find("SCHILY.acl.access") is { } access) { Set("system.posix_acl_access"u8, AclText.Parse(access)); }
        if (_pax.Find("SCHILY.acl.default") is { } other) { Set("system.posix_acl_default"u8, AclText.Parse(other)); }
        entry.Xattrs.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));

        void Set(ReadOnlySpan<byte> name, byte[]? value)
        {
            if (value is null) { return; }
            for (int i = entry.Xattrs.Count - 1; i >= 0; i--)
            {
                if (entry.Xattrs[i].Name.AsSpan().SequenceEqual(name)) { entry.Xattrs.RemoveAt(i); }
            }

            entry.Xattrs.Add(new Xattr(name.ToArray(), value));
        }
    }

    private void Holes(TarEntry entry, bool isOld)
    {
        long length = _left, real = length;
        List<long>? numbers = null;
        if (isOld)
        {
            real = Number(_header.AsSpan(483, 12));
            numbers = OldMap();
        }
        else if (_pax.Find("GNU.sparse.major") is [(byte)'1'])
        {
            real = _pax.Number("GNU.sparse.realsize") ?? -1;
            numbers = InnerMap();
        }
        else if (_pax.Find("GNU.sparse.map") is { } map)
        {
            real = _pax.Number("GNU.sparse.size") ?? -1;
            numbers = [.. Encoding.ASCII.GetString(map).Split(',').Select(static t =>
                long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : -1)];
        }
        else if (_pax.Number("GNU.sparse.size") is { } first)
        {
            real = first;
            numbers = _pax.Numbers;
        }

        entry.DataLength = _left;
        entry.Stat.Size = real;
        if (numbers is null) { return; }
        entry.Segments = [];
        long end = 0, sum = 0;
        bool isRight = real >= 0 && numbers.Count % 2 == 0 && numbers.Count / 2 <= MostSegments;
        for (int i = 0; i + 1 < numbers.Count && isRight; i += 2)
        {
            isRight = numbers[i] >= end && numbers[i + 1] >= 0 && numbers[i] <= real - numbers[i + 1];
            end = isRight ? numbers[i] + numbers[i + 1] : 0;
            sum += isRight ? numbers[i + 1] : 0;
            if (isRight && numbers[i + 1] > 0) { entry.Segments.Add((numbers[i], numbers[i + 1])); }
        }

        if (!isRight || sum != _left) { entry.Refused = "the map of its holes makes no sense"; }
    }

    private List<long> OldMap()
    {
        var numbers = new List<long>();
        Add(_header.AsSpan(386, 4 * 24));
        bool goesOn = _header[482] != 0;
        Span<byte> more = stackalloc byte[Block];
        while (goesOn)
        {
            if (!TryRead(more)) { throw Damaged("it is cut short"); }
            Add(more[..(21 * 24)]);
            goesOn = more[504] != 0;
            if (numbers.Count > 2 * MostSegments) { throw Damaged("a map of holes in it is too long"); }
        }

        return numbers;

        void Add(ReadOnlySpan<byte> fields)
        {
            for (; !fields.IsEmpty && fields[0] != 0; fields = fields[24..])
            {
                numbers.Add(Number(fields[..12]));
                numbers.Add(Number(fields.Slice(12, 12)));
            }
        }
    }

    /// <summary>A map that stands before the content: decimal numbers, a line each, in whole blocks.</summary>
    private List<long> InnerMap()
    {
        var numbers = new List<long>();
        Span<byte> block = stackalloc byte[Block];
        long wanted = -1, number = 0;
        bool hasDigit = false;
        while (wanted != 0)
        {
            if (_left < Block) { throw Damaged("a map of holes in it is cut short"); }
            for (int filled = 0; filled < Block; filled += Read(block[filled..]))
            {
            }

            for (int i = 0; i < Block && wanted != 0; i++)
            {
                if (block[i] is >= (byte)'0' and <= (byte)'9' && number <= long.MaxValue / 10 - 1)
                {
                    (number, hasDigit) = ((number * 10) + block[i] - '0', true);
                    continue;
                }

                if (block[i] != (byte)'\n' || !hasDigit) { throw Damaged("a map of holes in it makes no sense"); }
                if (wanted < 0)
                {
                    if (number > MostSegments) { throw Damaged("a map of holes in it is too long"); }
                    wanted = 2 * number;
                }
                else
                {
                    numbers.Add(number);
                    wanted--;
                }

                (number, hasDigit) = (0, false);
            }
        }

        return numbers;
    }

    private byte[]? Pax(string key) => _pax.Find(key) ?? _global.Find(key);

    private byte[] HeaderPath()
    {
        ReadOnlySpan<byte> name = Text(0, 100), prefix = Text(345, 155);
        bool isUstar = _header.AsSpan(257, 6).SequenceEqual("ustar\0"u8); // GNU's has something else where the prefix is
        return isUstar && !prefix.IsEmpty ? [.. prefix, (byte)'/', .. name] : name.ToArray();
    }

    private ReadOnlySpan<byte> Text(int at, int length)
    {
        ReadOnlySpan<byte> text = _header.AsSpan(at, length);
        int end = text.IndexOf((byte)0);
        return end < 0 ? text : text[..end];
    }

    private byte[] Extended(long size)
    {
        if (size is < 0 or > MostExtended) { throw Damaged("an extended header in it is too long"); }
        var bytes = new byte[size];
        if (size > 0 && !TryRead(bytes)) { throw Damaged("it is cut short"); }
        Skip((Block - (size % Block)) % Block);
        return bytes;
    }

    private bool HasSum()
    {
        long sum = 0, signed = 0;
        for (int i = 0; i < Block; i++)
        {
            byte b = i is >= 148 and < 156 ? (byte)' ' : _header[i];
            (sum, signed) = (sum + b, signed + (sbyte)b);
        }

        long told = Number(_header.AsSpan(148, 8));
        return told == sum || told == signed;
    }

    /// <summary>Octal, or binary if the first bit says so; -1 for what is neither.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        long number = 0;
        if ((field[0] & 0x80) != 0)
        {
            number = field[0] == 0xFF ? -1 : field[0] & 0x3F;
            foreach (byte b in field[1..])
            {
                if (number is > (long.MaxValue >> 8) or < (long.MinValue >> 8)) { return -1; }
                number = (number << 8) | b;
            }

            return number;
        }

        foreach (byte b in field.Trim((byte)' '))
        {
            if (b == 0) { break; }
            if (b is < (byte)'0' or > (byte)'7') { return b == (byte)' ' ? number : -1; }
            number = (number << 3) | (uint)(b - '0');
        }

        return number;
    }

    /// <summary>Fills it; false at the very end, and an error in between.</summary>
    private bool TryRead(Span<byte> into)
    {
        for (int filled = 0; filled < into.Length;)
        {
            int read = input.Read(into[filled..]);
            if (read == 0 && filled > 0) { throw Damaged("it is cut short"); }
            if (read == 0) { return false; }
            filled += read;
            Position += read;
        }

        return true;
    }

    private void Skip(long count)
    {
        for (byte[] rest = new byte[Math.Min(count, 64 << 10)]; count > 0;)
        {
            int read = input.Read(rest.AsSpan(0, (int)Math.Min(count, rest.Length)));
            if (read == 0) { throw Damaged("it is cut short"); }
            Position += read;
            count -= read;
        }
    }

    private static VarveException Damaged(string how) => VarveException.Damaged(Subject.PartOnly("the tar"), how);
}
