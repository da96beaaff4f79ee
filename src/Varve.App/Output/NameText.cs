using System.Buffers;
using System.Globalization;
using System.Text;
using Varve.App.Settings.Values;
using Varve.Model;

namespace Varve.App.Output;

/// <summary>
/// Names and messages as people see them: nothing in them can move a terminal's cursor, and two different names never look the same
/// (<see cref="PathText"/> has the rules).
/// </summary>
internal static class NameText
{
    private static readonly SearchValues<byte> s_plain = SearchValues.Create(PlainBytes());

    /// <summary>The escaped name.</summary>
    internal static string Escape(ReadOnlySpan<byte> name)
    {
        if (!name.ContainsAnyExcept(s_plain)) { return Encoding.ASCII.GetString(name); }

        return PathText.Of(name);
    }

    /// <summary>The escaped text: for strings that come from a repository or the system.</summary>
    internal static string Escape(string text) => Escape(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// A message with what a terminal could misread escaped, and everything else, backslashes too, as it is. What stands for an argument's
    /// byte shows as that byte.
    /// </summary>
    internal static string Printable(string message)
    {
        StringBuilder? text = null;
        for (int i = 0; i < message.Length;)
        {
            bool whole = Rune.DecodeFromUtf16(message.AsSpan(i), out Rune rune, out int length) == OperationStatus.Done;
            if (!whole || !IsHarmless(rune))
            {
                text ??= new StringBuilder(message, 0, i, message.Length + 16);
                EscapeBytes(text, RawArguments.ToBytes(message.Substring(i, length)));
            }
            else { text?.Append(message, i, length); }

            i += length;
        }

        return text?.ToString() ?? message;
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void EscapeBytes(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            _ = b switch
            {
                (byte)'\n' => text.Append(@"\n"),
                (byte)'\t' => text.Append(@"\t"),
                (byte)'\r' => text.Append(@"\r"),
                _ => text.Append(@"\x").Append(Convert.ToHexStringLower([b])),
            };
        }
    }

    private static byte[] PlainBytes()
    {
        var plain = new byte[0x7F - 0x20 - 1];
        int n = 0;
        for (byte b = 0x20; b < 0x7F; b++)
        {
            if (b != '\\') { plain[n++] = b; }
        }

        return plain;
    }
}
