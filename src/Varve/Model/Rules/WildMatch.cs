namespace Varve.Model.Rules;

/// <summary>
/// Matches a pattern of gitignore as git's own wildmatch does with WM_PATHNAME: over bytes, <c>?</c> and a set are one byte but a slash,
/// <c>*</c> stays within a component, <c>**</c> as a whole component crosses them. Allocates nothing. What it gives up early it gives up
/// for all of the text, so that no pattern takes exponential time.
/// </summary>
internal static class WildMatch
{
    private enum Outcome
    {
        Match,
        No,
        /// <summary>Nor does it match any later part of the text.</summary>
        Never,
        /// <summary>Only a star that crosses slashes may find a match further on.</summary>
        NotInComponent,
    }

    /// <summary>Whether all of a text matches.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text) => Run(pattern, text) == Outcome.Match;

    /// <summary>Whether a byte of a pattern may stand for something else than itself.</summary>
    internal static bool IsSpecial(byte b) => b is (byte)'*' or (byte)'?' or (byte)'[' or (byte)'\\';

    private static Outcome Run(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0, t = 0;
        for (; p < pattern.Length; p++, t++)
        {
            byte want = pattern[p];
            if (want == (byte)'*')
            {
                if (Star(pattern, ref p, text, ref t) is { } outcome) { return outcome; }
                continue;
            }

            if (t >= text.Length) { return Outcome.Never; }
            byte b = text[t];
            switch (want)
            {
                case (byte)'?':
                    if (b == (byte)'/') { return Outcome.No; }
                    break;
                case (byte)'[':
                    if (!SetMatch.TryMatch(pattern, ref p, b, out bool isIn)) { return Outcome.Never; }
                    if (!isIn || b == (byte)'/') { return Outcome.No; }
                    break;
                case (byte)'\\':
                    if (++p >= pattern.Length || pattern[p] != b) { return Outcome.No; }
                    break;
                default:
                    if (want != b) { return Outcome.No; }
                    break;
            }
        }

        return t < text.Length ? Outcome.No : Outcome.Match;
    }

    /// <summary>At a star: what comes of it; null if it took all to the next slash, where pattern and text stand then.</summary>
    private static Outcome? Star(ReadOnlySpan<byte> pattern, ref int p, ReadOnlySpan<byte> text, ref int t)
    {
        int first = p++;
        bool crosses = false;
        if (p < pattern.Length && pattern[p] == (byte)'*')
        {
            while (p < pattern.Length && pattern[p] == (byte)'*') { p++; }
            bool begins = first == 0 || pattern[first - 1] == (byte)'/';
            bool isSlash = p < pattern.Length && pattern[p] == (byte)'/';
            crosses = begins && (p == pattern.Length || isSlash || pattern[p..].StartsWith("\\/"u8));
            if (crosses && isSlash)
            {
                // No directory at all; if even that leaves too little text, more of them leave less.
                Outcome none = Run(pattern[(p + 1)..], text[t..]);
                if (none is Outcome.Match or Outcome.Never) { return none; }
            }
        }

        if (p == pattern.Length) { return crosses || !text[t..].Contains((byte)'/') ? Outcome.Match : Outcome.NotInComponent; }
        if (!crosses && pattern[p] == (byte)'/')
        {
            int slash = text[t..].IndexOf((byte)'/');
            if (slash < 0) { return Outcome.No; }
            t += slash;
            return null;
        }

        return Search(pattern[p..], text[t..], crosses);
    }

    private static Outcome Search(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool crosses)
    {
        byte want = pattern[0];
        for (int t = 0; t < text.Length; t++)
        {
            if (!IsSpecial(want))
            {
                int at = crosses ? text[t..].IndexOf(want) : text[t..].IndexOfAny(want, (byte)'/');
                if (at < 0) { return crosses ? Outcome.Never : Outcome.NotInComponent; }
                t += at;
                if (text[t] != want) { return Outcome.NotInComponent; }
            }

            Outcome outcome = Run(pattern, text[t..]);
            if (outcome == Outcome.No)
            {
                if (!crosses && text[t] == (byte)'/') { return Outcome.NotInComponent; }
            }
            else if (!crosses || outcome != Outcome.NotInComponent) { return outcome; }
        }

        return Outcome.Never;
    }
}
