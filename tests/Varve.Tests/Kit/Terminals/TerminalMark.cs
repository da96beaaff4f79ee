using System.Text;

namespace Varve.Tests.Kit.Terminals;

/// <summary>
/// What a test writes to a terminal after what a program wrote: once it is read, so is all before it. It is no part of the text.
/// </summary>
internal static class TerminalMark
{
    /// <summary>The unit separator, which no program writes.</summary>
    internal const byte Byte = 0x1F;

    /// <summary>Appends what was read, without the marks in it; returns how many there were.</summary>
    internal static int Append(StringBuilder text, ReadOnlySpan<char> read)
    {
        int marks = 0;
        foreach (char c in read)
        {
            if (c == Byte) { marks++; }
            else { text.Append(c); }
        }

        return marks;
    }
}
