using System.Globalization;
using System.Text;

namespace Varve.Model;

/// <summary>
/// Names and paths as text for people: valid UTF-8 as it is; control characters, backslashes and invalid bytes as <c>\n</c>, <c>\t</c>,
/// <c>\\</c>, <c>\xNN</c>.
/// </summary>
internal static class PathText
{
    /// <summary>The text; unambiguous, one line.</summary>
    public static string Of(ReadOnlySpan<byte> path)
    {
        var text = new StringBuilder(path.Length);
        while (!path.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(path, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (!valid || Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator)
            {
                for (int i = 0; i < used; i++)
                {
                    _ = path[i] switch
                    {
                        (byte)'\n' => text.Append("\\n"),
                        (byte)'\t' => text.Append("\\t"),
                        (byte)'\r' => text.Append("\\r"),
                        byte b => text.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture)),
                    };
                }
            }
            else if (rune.Value == '\\') { text.Append("\\\\"); }
            else { text.Append(rune.ToString()); }
            path = path[used..];
        }

        return text.ToString();
    }

    /// <summary>The bytes that <see cref="Of"/> made such a text of; null for what it never makes.</summary>
    public static byte[]? TryParse(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        while (!text.IsEmpty)
        {
            int plain = text.IndexOf('\\');
            if (plain < 0) { plain = text.Length; }
            length += Encoding.UTF8.GetBytes(text[..plain], bytes.AsSpan(length));
            text = text[plain..];
            if (text.IsEmpty) { break; }
            if (text.Length < 2) { return null; }
            byte hex = 0;
            bool isHex = text[1] == 'x' && text.Length >= 4
                && byte.TryParse(text.Slice(2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hex);
            byte? value = text[1] switch
            {
                'n' => (byte)'\n',
                't' => (byte)'\t',
                'r' => (byte)'\r',
                '\\' => (byte)'\\',
                _ => isHex ? hex : null,
            };
            if (value is null) { return null; }
            bytes[length++] = value.Value;
            text = text[(isHex ? 4 : 2)..];
        }

        return bytes[..length];
    }
}
