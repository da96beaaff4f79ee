using System.Text.Json;
using Varve.Archives.Lists;
using Varve.Model.Bytes;

namespace Varve.Archives.Foreign;

/// <summary>Lines of <c>restic ls --json</c> and <c>borg list --json-lines</c>. Stateless; allocates nothing beyond buffers.</summary>
internal static class JsonLine
{
    /// <summary>Reads one; null, why it is none, or empty if it tells of no entry.</summary>
    internal static string? Read(ReadOnlySpan<byte> line, LocalTimes times, ByteWriter name, ref ListEntry entry)
    {
        name.Clear();
        entry = new ListEntry();
        (bool isNode, bool isHeader) = (true, false);
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) { return "is no JSON object"; }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isPath = reader.ValueTextEquals("path"u8), isTime = reader.ValueTextEquals("mtime"u8);
                bool isSize = reader.ValueTextEquals("size"u8), isType = reader.ValueTextEquals("type"u8);
                bool isStruct = reader.ValueTextEquals("struct_type"u8);
                reader.Read();
                bool isText = reader.TokenType == JsonTokenType.String;
                if (isPath && isText) { Copy(ref reader, name); }
                else if (isTime && isText)
                {
                    if (!TryTime(reader.ValueSpan, times, ref entry)) { return "has no time that can be read"; }
                }
                else if (isSize && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long size)) { entry.Size = size; }
                else if (isType && isText)
                {
                    entry.Kind = reader.ValueTextEquals("dir"u8) || reader.ValueTextEquals("d"u8) ? EntryKind.Directory
                        : reader.ValueTextEquals("symlink"u8) || reader.ValueTextEquals("l"u8) ? EntryKind.Symlink : EntryKind.None;
                }
                else if (isStruct && isText) { (isNode, isHeader) = (reader.ValueTextEquals("node"u8), reader.ValueTextEquals("snapshot"u8)); }
                else { reader.Skip(); }
            }
        }
        catch (JsonException) { return "is no JSON"; }
        catch (InvalidOperationException) { return "has a name that is no text"; } // half of a surrogate pair

        if (isHeader || !isNode) { return ""; }
        if (name.Length == 0) { return "has no path"; }
        if (name.Written.Contains((byte)0)) { return "has a NUL in its path"; }
        entry.Name = name.Written;
        return null;
    }

    private static void Copy(scoped ref Utf8JsonReader reader, ByteWriter into)
    {
        into.Clear();
        Span<byte> room = into.Reserve(reader.ValueSpan.Length);
        int used = reader.CopyString(room);
        into.Truncate(used);
    }

    /// <summary>RFC 3339 with Z or an offset, or a local time without.</summary>
    private static bool TryTime(ReadOnlySpan<byte> text, LocalTimes times, ref ListEntry entry)
    {
        int zone = text.Length > 19 ? text[19..].IndexOfAny((byte)'Z', (byte)'+', (byte)'-') : -1;
        ReadOnlySpan<byte> local = zone < 0 ? text : text[..(19 + zone)];
        if (!times.TryIso(local, isUtc: zone >= 0, out FileTime time, out long precision)) { return false; }
        if (zone >= 0 && text[19 + zone] != (byte)'Z')
        {
            ReadOnlySpan<byte> offset = text[(19 + zone)..];
            if (offset.Length != 6) { return false; }
            bool isOffset = ListNumbers.TryDecimal(offset[1..3], out ulong hours) & ListNumbers.TryDecimal(offset[4..], out ulong minutes);
            if (!isOffset) { return false; }
            long seconds = (long)((hours * 3600) + (minutes * 60));
            time = time with { Seconds = time.Seconds + (offset[0] == (byte)'-' ? seconds : -seconds) };
        }

        // Programs leave zeros at the end out: it is no less precise.
        (entry.Time, entry.HasTime, entry.Precision) = (time, true, zone >= 0 ? 1 : Math.Min(precision, 1000));
        return true;
    }
}
