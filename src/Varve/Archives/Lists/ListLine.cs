namespace Varve.Archives.Lists;

/// <summary>Reads a line of a list: its fields, told apart by the format. Stateless; allocates nothing.</summary>
internal static class ListLine
{
    /// <summary>What stands for what is not known.</summary>
    internal static ReadOnlySpan<byte> Unknown => "?"u8;

    /// <summary>
    /// Reads a line without what ends it. Null, or why it is none of the format; then <paramref name="entry"/> is not defined.
    /// </summary>
    internal static string? Read(ReadOnlySpan<byte> line, ListFormat format, ref ListEntry entry)
    {
        entry = new ListEntry();
        byte separator = format.Separator;
        ReadOnlySpan<byte> rest = line;
        if (format.Layout != ListLayout.Names)
        {
            int further = FurtherLength(line, separator);
            entry.Further = line[..further];
            rest = line[further..];
            string? wrong = ReadTime(Next(ref rest, separator), format.NamesOwners, ref entry)
                ?? ReadSize(Next(ref rest, separator), ref entry);
            if (wrong is null && format.Layout != ListLayout.Short) { wrong = ReadOthers(ref rest, format, ref entry); }
            if (wrong is not null) { return wrong; }
        }

        if (rest.IsEmpty) { return "has no name"; }
        if (rest.Contains((byte)0)) { return "has a NUL in its name"; }
        entry.Name = rest;
        return null;
    }

    /// <summary>Bytes that fields of the form <c>KEY=VALUE</c> take at the beginning of a line. A time begins with no letter.</summary>
    internal static int FurtherLength(ReadOnlySpan<byte> line, byte separator)
    {
        int length = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = line[length..];
            int key = 0;
            while (key < rest.Length && IsKey(rest[key], key)) { key++; }
            int end = rest.IndexOf(separator);
            if (key == 0 || key >= rest.Length || rest[key] != (byte)'=' || end < key) { return length; }
            length += end + 1;
        }
    }

    private static bool IsKey(byte b, int at) =>
        b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z')
        || (at > 0 && b is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'_' or (byte)'.');

    private static ReadOnlySpan<byte> Next(scoped ref ReadOnlySpan<byte> rest, byte separator)
    {
        int end = rest.IndexOf(separator);
        if (end < 0)
        {
            ReadOnlySpan<byte> last = rest;
            rest = default;
            return last;
        }

        ReadOnlySpan<byte> field = rest[..end];
        rest = rest[(end + 1)..];
        return field;
    }

    private static string? ReadTime(scoped ReadOnlySpan<byte> field, bool addsFraction, ref ListEntry entry)
    {
        if (field.SequenceEqual(Unknown)) { return null; }
        if (!ListNumbers.TryTime(field, addsFraction, out FileTime time, out long precision)) { return "does not begin with a time in seconds"; }
        (entry.Time, entry.Precision, entry.HasTime) = (time, precision, true);
        return null;
    }

    private static string? ReadSize(scoped ReadOnlySpan<byte> field, ref ListEntry entry)
    {
        if (field.SequenceEqual(Unknown)) { return null; }
        if (!ListNumbers.TryDecimal(field, out ulong size) || size > long.MaxValue) { return "has no size behind the time"; }
        entry.Size = (long)size;
        return null;
    }

    private static string? ReadOthers(scoped ref ReadOnlySpan<byte> rest, ListFormat format, ref ListEntry entry)
    {
        byte separator = format.Separator;
        ReadOnlySpan<byte> inode = Next(ref rest, separator), mode = Next(ref rest, separator);
        if (!IsNumberOrUnknown(inode, out ulong? number)) { return "has no inode number behind the size"; }
        entry.Inode = number;
        string? wrong = format.NamesOwners ? ReadMode(mode, Next(ref rest, separator), ref entry)
            : ReadWholeMode(mode, format.Layout == ListLayout.BsdStat, ref entry);
        if (wrong is not null) { return wrong; }
        entry.Group = Next(ref rest, separator);
        entry.User = Next(ref rest, separator);
        if (entry.Group.IsEmpty || entry.User.IsEmpty) { return "has no group and owner behind the mode"; }
        if (!format.NamesOwners && !(IsNumberOrUnknown(entry.Group, out _) && IsNumberOrUnknown(entry.User, out _)))
        {
            return "has no numbers of group and owner behind the mode";
        }

        if (entry.Group.SequenceEqual(Unknown)) { entry.Group = default; }
        if (entry.User.SequenceEqual(Unknown)) { entry.User = default; }
        if (!IsNumberOrUnknown(Next(ref rest, separator), out ulong? device)) { return "has no number of a device behind the owner"; }
        entry.Device = device;
        return null;
    }

    private static bool IsNumberOrUnknown(ReadOnlySpan<byte> field, out ulong? number)
    {
        bool isNumber = ListNumbers.TryDecimal(field, out ulong value);
        number = isNumber ? value : null;
        return isNumber || field.SequenceEqual(Unknown);
    }

    private static string? ReadMode(scoped ReadOnlySpan<byte> mode, scoped ReadOnlySpan<byte> kind, ref ListEntry entry)
    {
        if (!mode.SequenceEqual(Unknown))
        {
            if (mode.Length > 4 || !ListNumbers.TryOctal(mode, out int bits)) { return "has no permissions in octal digits behind the inode number"; }
            entry.Mode = bits;
        }

        if (kind.Length != 1 || !ListModes.TryKind(kind[0], out EntryKind found)) { return "has no letter of a kind behind the permissions"; }
        entry.Kind = found;
        return null;
    }

    private static string? ReadWholeMode(scoped ReadOnlySpan<byte> mode, bool isOctal, ref ListEntry entry)
    {
        if (mode.SequenceEqual(Unknown)) { return null; }
        int bits;
        // With a type in it, which every mode has, it takes four hexadecimal digits, and five or six octal ones: so neither is the other.
        if (isOctal ? mode.Length < 5 || !ListNumbers.TryOctal(mode, out bits) : mode.Length != 4 || !ListNumbers.TryHex(mode, out bits))
        {
            return isOctal ? "has no mode in octal digits behind the inode number" : "has no mode in hexadecimal digits behind the inode number";
        }

        entry.Kind = ListModes.KindOf(bits);
        if (entry.Kind == EntryKind.None) { return "has a mode of no kind there is"; }
        entry.Mode = bits & ListModes.Permissions;
        return null;
    }
}
