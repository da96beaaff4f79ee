namespace Varve.Model.Rules;

/// <summary>A set in brackets in a pattern of gitignore, as git reads it: bytes, ranges, and classes such as <c>[:alpha:]</c>.</summary>
internal static class SetMatch
{
    /// <summary>
    /// Whether a set that begins at <paramref name="p"/> has a byte; <paramref name="p"/> is at its closing bracket then. False if the set
    /// is not closed, or has a class that is none.
    /// </summary>
    internal static bool TryMatch(ReadOnlySpan<byte> pattern, ref int p, byte b, out bool isIn)
    {
        isIn = false;
        byte c = At(pattern, ++p);
        bool isNegated = c is (byte)'!' or (byte)'^';
        if (isNegated) { c = At(pattern, ++p); }
        byte before = 0;
        bool found = false;
        do
        {
            switch (c)
            {
                case 0:
                    return false;
                case (byte)'\\':
                    c = At(pattern, ++p);
                    if (c == 0) { return false; }
                    found |= b == c;
                    break;
                case (byte)'-' when before != 0 && At(pattern, p + 1) is not 0 and not (byte)']':
                    c = At(pattern, ++p);
                    if (c == (byte)'\\') { c = At(pattern, ++p); }
                    if (c == 0) { return false; }
                    found |= b >= before && b <= c;
                    c = 0;
                    break;
                case (byte)'[' when At(pattern, p + 1) == (byte)':':
                    int name = p + 2, end = pattern[name..].IndexOf((byte)']');
                    if (end < 0) { return false; }
                    if (end == 0 || pattern[name + end - 1] != (byte)':')
                    {
                        found |= b == c;
                        break;
                    }

                    if (OfClass(pattern.Slice(name, end - 1), b) is not { } has) { return false; }
                    found |= has;
                    p = name + end;
                    c = 0;
                    break;
                default:
                    found |= b == c;
                    break;
            }

            before = c;
            c = At(pattern, ++p);
        }
        while (c != (byte)']');
        isIn = found != isNegated;
        return true;
    }

    private static byte At(ReadOnlySpan<byte> pattern, int p) => p < pattern.Length ? pattern[p] : (byte)0;

    private static bool? OfClass(ReadOnlySpan<byte> name, byte b)
    {
        bool isUpper = b is >= (byte)'A' and <= (byte)'Z', isLower = b is >= (byte)'a' and <= (byte)'z';
        bool isDigit = b is >= (byte)'0' and <= (byte)'9', isGraphic = b is > 32 and < 127;
        if (name.SequenceEqual("alnum"u8)) { return isUpper || isLower || isDigit; }
        if (name.SequenceEqual("alpha"u8)) { return isUpper || isLower; }
        if (name.SequenceEqual("blank"u8)) { return b is (byte)' ' or (byte)'\t'; }
        if (name.SequenceEqual("cntrl"u8)) { return b is < 32 or 127; }
        if (name.SequenceEqual("digit"u8)) { return isDigit; }
        if (name.SequenceEqual("graph"u8)) { return isGraphic; }
        if (name.SequenceEqual("lower"u8)) { return isLower; }
        if (name.SequenceEqual("print"u8)) { return isGraphic || b == 32; }
        if (name.SequenceEqual("punct"u8)) { return isGraphic && !isUpper && !isLower && !isDigit; }
        if (name.SequenceEqual("space"u8)) { return b is 32 or (>= 9 and <= 13); }
        if (name.SequenceEqual("upper"u8)) { return isUpper; }
        return name.SequenceEqual("xdigit"u8) ? isDigit || (b | 32) is >= (byte)'a' and <= (byte)'f' : null;
    }
}
