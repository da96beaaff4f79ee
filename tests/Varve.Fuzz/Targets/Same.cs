namespace Varve.Fuzz.Targets;

/// <summary>What is read, written and read again must be the same.</summary>
internal static class Same
{
    internal static void Require(ReadOnlySpan<byte> first, ReadOnlySpan<byte> again, string what)
    {
        if (!first.SequenceEqual(again)) { throw new FuzzException($"{what} is another once written and read again"); }
    }

    internal static void Require(bool holds, string what)
    {
        if (!holds) { throw new FuzzException(what); }
    }
}
