using System.Buffers;
using Varve.Archives.Lists;
using Varve.Model.Bytes;

namespace Varve.Archives.Foreign;

/// <summary>Lines of <c>tar -tv</c>, of GNU and of libarchive. Stateless; allocates nothing beyond the buffer for names.</summary>
internal static class TarLine
{
    private static readonly SearchValues<byte> s_rights = SearchValues.Create("-rwxsStT"u8);

    /// <summary>Whether a line begins with a mode as ls prints it.</summary>
    internal static bool IsMode(ReadOnlySpan<byte> line) => line.Length > 11 && "-dlhbcpsCV"u8.Contains(line[0])
        && !line[1..10].ContainsAnyExcept(s_rights);

    /// <summary>Reads one; null, or why it is none.</summary>
    internal static string? Read(ReadOnlySpan<byte> line, bool isBsd, LocalTimes times, ByteWriter name, ref ListEntry entry)
    {
        if (!IsMode(line)) { return "does not begin with a mode"; }
        ReadOnlySpan<byte> rest = line[10..];
        if (rest is [(byte)'+' or (byte)'.' or (byte)'@', ..]) { rest = rest[1..]; }
        for (int i = 0; i < (isBsd ? 3 : 1); i++) { Word(ref rest); } // links, owner and group; or owner/group
        ReadOnlySpan<byte> size = Word(ref rest);
        if (size.Contains((byte)',') && isBsd) { Word(ref rest); } // a device: major, minor
        bool hasSize = ListNumbers.TryDecimal(size, out ulong bytes);
        if (!hasSize && !size.Contains((byte)',')) { return "has no size behind the owner"; }
        rest = rest.TrimStart((byte)' ');
        int length = isBsd ? 12 : IsoLength(rest);
        if (rest.Length <= length + 1 || rest[length] != (byte)' ') { return "has no time and name behind the size"; }
        bool isTime = isBsd ? times.TryLs(rest[..length], out FileTime time, out long precision)
            : times.TryIso(rest[..length], isUtc: false, out time, out precision);
        if (!isTime) { return "has no time behind the size"; }
        rest = rest[(length + 1)..];
        // A name may have the arrow, too: only the last one can be that of the line, and only of a link.
        if (line[0] == (byte)'l' && rest.LastIndexOf(" -> "u8) is var arrow and > 0) { rest = rest[..arrow]; }
        else if (line[0] == (byte)'h' && rest.LastIndexOf(" link to "u8) is var link and > 0) { rest = rest[..link]; }
        Unescape(rest, name);
        entry = new ListEntry
        {
            Name = name.Written, Time = time, HasTime = true, Precision = precision,
            // What is a further name has no size here.
            Size = hasSize && line[0] != (byte)'h' ? (long)Math.Min(bytes, long.MaxValue) : -1,
            Kind = line[0] == (byte)'d' ? EntryKind.Directory : line[0] == (byte)'l' ? EntryKind.Symlink : EntryKind.None,
        };
        return name.Length == 0 ? "has no name" : null;
    }

    private static int IsoLength(ReadOnlySpan<byte> text) => text.Length > 19 && text[16] == (byte)':' ? 19 : 16;

    private static ReadOnlySpan<byte> Word(scoped ref ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart((byte)' ');
        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        return word;
    }

    private static void Unescape(ReadOnlySpan<byte> text, ByteWriter into)
    {
        into.Clear();
        while (text.IndexOf((byte)'\\') is var at and >= 0)
        {
            into.Raw(text[..at]);
            text = text[(at + 1)..];
            bool isOctal = text.Length >= 3 && !text[..3].ContainsAnyExceptInRange((byte)'0', (byte)'7');
            int letter = text.IsEmpty ? -1 : "abfnrtv\\"u8.IndexOf(text[0]);
            if (isOctal && ListNumbers.TryOctal(text[..3], out int value)) { into.U8((byte)value); }
            else if (letter >= 0) { into.U8("\a\b\f\n\r\t\v\\"u8[letter]); }
            else { into.U8((byte)'\\'); }
            text = isOctal ? text[3..] : letter >= 0 ? text[1..] : text;
        }

        into.Raw(text);
    }
}
