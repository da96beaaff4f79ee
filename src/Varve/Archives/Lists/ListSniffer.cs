namespace Varve.Archives.Lists;

/// <summary>
/// Tells by its first line which format a list has, of those that cannot be mistaken for each other. A list of names alone can be mistaken
/// for anything, and is never told.
/// </summary>
internal static class ListSniffer
{
    // From the richest on: a line of more fields is one of fewer with a longer name.
    private static readonly ListLayout[] s_layouts = [ListLayout.Find, ListLayout.Stat, ListLayout.BsdStat, ListLayout.Short];

    /// <summary>The format of a list that begins so; null if that does not tell. An empty one has any.</summary>
    internal static ListFormat? Find(ReadOnlySpan<byte> beginning)
    {
        if (beginning.IsEmpty) { return new ListFormat(ListLayout.Find, IsNull: false); }
        int nul = beginning.IndexOf((byte)0), newline = beginning.IndexOf((byte)'\n');
        bool isNull = nul >= 0; // no line of another has one
        int end = isNull ? nul : newline;
        ReadOnlySpan<byte> line = end < 0 ? beginning : beginning[..end];
        var entry = new ListEntry();
        foreach (ListLayout layout in s_layouts)
        {
            var format = new ListFormat(layout, isNull);
            if (ListLine.Read(line, format, ref entry) is null) { return format; }
        }

        var fields = new ListFormat(ListLayout.Fields, IsNull: true);
        bool isFields = isNull && FirstOf(beginning, fields) is { Length: > 0 } first && ListLine.Read(first, fields, ref entry) is null;
        return isFields ? fields : null;
    }

    private static ReadOnlySpan<byte> FirstOf(ReadOnlySpan<byte> beginning, ListFormat fields)
    {
        int at = ListLine.FurtherLength(beginning, fields.End);
        for (int i = 0; i <= fields.FieldsBefore; i++)
        {
            int end = beginning[at..].IndexOf(fields.End);
            if (end < 0) { return default; }
            at += end + 1;
        }

        return beginning[..(at - 1)];
    }
}
