using Varve.Model.Bytes;

namespace Varve.Archives.Lists;

/// <summary>Writes lines of lists. Stateless; allocates nothing beyond the buffer it writes to.</summary>
internal static class ListWriter
{
    /// <summary>
    /// Writes a line. Null, or why the format has no room for the entry; then nothing was written.
    /// </summary>
    internal static string? Write(ByteWriter into, ListFormat format, in ListEntry entry)
    {
        if (entry.Name.IsEmpty) { return "has no name"; }
        if (!format.IsNull && entry.Name.Contains((byte)'\n')) { return "has a newline in its name, which only null-separated formats can tell"; }
        int start = into.Length;
        string? wrong = format.Layout == ListLayout.Names ? null : WriteFields(into, format, in entry);
        if (wrong is not null)
        {
            into.Truncate(start);
            return wrong;
        }

        into.Raw(entry.Name);
        into.U8(format.End);
        return null;
    }

    private static string? WriteFields(ByteWriter into, ListFormat format, in ListEntry entry)
    {
        byte separator = format.Separator;
        if (!WriteFurther(into, entry.Further, format)) { return "has a further field that the format cannot tell"; }
        if (entry.HasTime)
        {
            ListNumbers.Put(into, entry.Time, isWhole: format.Layout is ListLayout.Stat or ListLayout.BsdStat,
                format.NamesOwners);
            // find prints one digit more than there are nanoseconds.
            if (format.NamesOwners) { into.U8((byte)'0'); }
        }
        else { into.Raw(ListLine.Unknown); }

        into.U8(separator);
        Number(into, entry.Size < 0 ? null : (ulong)entry.Size, separator);
        if (format.Layout == ListLayout.Short) { return null; }
        Number(into, entry.Inode, separator);
        if (format.NamesOwners)
        {
            if (entry.Mode < 0) { into.Raw(ListLine.Unknown); } else { ListNumbers.Put(into, entry.Mode, bits: 3); }
            into.U8(separator);
            into.U8(ListModes.Letter(entry.Kind));
        }
        else if (entry.Mode < 0 || entry.Kind == EntryKind.None) { into.Raw(ListLine.Unknown); }
        else { ListNumbers.Put(into, ListModes.ModeOf(entry.Kind, entry.Mode), format.Layout == ListLayout.Stat ? 4 : 3); }

        into.U8(separator);
        if (!Owner(into, entry.Group, format) || !Owner(into, entry.User, format))
        {
            return format.NamesOwners ? "has an owner whose name the format cannot tell" : "has a name for an owner, and the format has numbers";
        }

        Number(into, entry.Device, separator);
        return null;
    }

    private static void Number(ByteWriter into, ulong? value, byte separator)
    {
        if (value is { } number) { ListNumbers.Put(into, number); } else { into.Raw(ListLine.Unknown); }
        into.U8(separator);
    }

    private static bool Owner(ByteWriter into, ReadOnlySpan<byte> owner, ListFormat format)
    {
        if (owner.IsEmpty) { owner = ListLine.Unknown; }
        else if (format.NamesOwners && owner.ContainsAny(format.Separator, format.End)) { return false; }
        else if (!format.NamesOwners && !ListNumbers.TryDecimal(owner, out _)) { return false; }
        into.Raw(owner);
        into.U8(format.Separator);
        return true;
    }

    /// <summary>Their separator, which ends the last, becomes that of the format.</summary>
    private static bool WriteFurther(ByteWriter into, ReadOnlySpan<byte> further, ListFormat format)
    {
        if (further.IsEmpty) { return true; }
        byte before = further[^1], separator = format.Separator;
        if (before != separator && further.Contains(separator)) { return false; }
        if (!format.IsNull && further.Contains((byte)'\n')) { return false; }
        if (before == separator)
        {
            into.Raw(further);
            return true;
        }

        Span<byte> room = into.Reserve(further.Length);
        further.Replace(room, before, separator);
        return true;
    }
}
