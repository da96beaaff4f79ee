using System.Globalization;
using System.Text;

namespace Varve.App.Output;

/// <summary>How many columns of a terminal a text takes: most characters one, those of East Asia two, marks upon others none.</summary>
internal static class TextWidth
{
    // What Ink puts around words.
    private const char Escape = '\e', EndOfColour = 'm';

    // The blocks of wide and full-width characters (Unicode, East Asian Width W and F), by first and last.
    private static readonly (int First, int Last)[] s_wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF),
        (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1B000, 0x1B2FF),
        (0x1F1E6, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The columns that a text takes.</summary>
    internal static int Of(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange(' ', '~')) { return text.Length; }
        int width = 0;
        bool inColour = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            inColour |= rune.Value == Escape;
            if (!inColour) { width += Of(rune); }
            inColour &= rune.Value != EndOfColour;
        }

        return width;
    }

    /// <summary>The text with spaces behind it, or before it, so that it takes at least so many columns.</summary>
    internal static string Pad(string text, int width, bool right)
    {
        int lack = width - Of(text);
        return lack <= 0 ? text : right ? new string(' ', lack) + text : text + new string(' ', lack);
    }

    /// <summary>The longest beginning of a text that fits.</summary>
    internal static string Head(string text, int width)
    {
        if (Of(text) <= width) { return text; }
        int used = 0, at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int next = Of(rune);
            if (used + next > width) { break; }
            used += next;
            at += rune.Utf16SequenceLength;
        }

        return text[..at];
    }

    /// <summary>The longest end of a text that fits, with dots for what is left out before it.</summary>
    internal static string Tail(string text, int width)
    {
        const string dots = "...";
        int whole = Of(text);
        if (whole <= width) { return text; }
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (whole + dots.Length <= width) { break; }
            whole -= Of(rune);
            at += rune.Utf16SequenceLength;
        }

        return Head(dots + text[at..], width);
    }

    private static int Of(Rune rune)
    {
        if (rune.IsAscii) { return 1; }
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }
        foreach ((int first, int last) in s_wide)
        {
            if (rune.Value < first) { return 1; }
            if (rune.Value <= last) { return 2; }
        }

        return 1;
    }
}
