namespace Varve.Model.Paths;

/// <summary>Turns the bytes of a pattern into the steps of a <see cref="Glob"/>.</summary>
internal sealed class GlobProgram(string pattern, bool ignoreCase)
{
    /// <summary>The steps, in order.</summary>
    public List<GlobStep> Steps { get; } = [];

    /// <summary>Compiles a pattern that does not end in a slash, unless it is one.</summary>
    public void Compile(ReadOnlySpan<byte> rest, bool nameOnly)
    {
        if (nameOnly)
        {
            Component(rest);
            return;
        }

        bool anchored = rest[0] == (byte)'/';
        if (!anchored) { AnyDepth(); }
        bool first = true, slashDue = false, afterAnyDepth = !anchored;
        while (!rest.IsEmpty)
        {
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> component = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? default : rest[(slash + 1)..];
            // Slashes that follow each other count as one.
            if (component.IsEmpty) { continue; }
            if (slashDue) { Steps.Add(new GlobStep(ByteSet.Of((byte)'/'), default)); }
            slashDue = false;
            if (!component.SequenceEqual("**"u8))
            {
                Component(component);
                slashDue = true;
                afterAnyDepth = false;
            }
            else if (!rest.IsEmpty)
            {
                if (!afterAnyDepth) { AnyDepth(); }
                afterAnyDepth = true;
            }
            else { EverythingBelow(first); }

            first = false;
        }
    }

    /// <summary>
    /// Any number of whole components, each with its slash: an entry that may be skipped, and a loop that a slash leaves.
    /// </summary>
    private void AnyDepth()
    {
        Steps.Add(new GlobStep(default, default, SkipOne: true, SkipTwo: true));
        Steps.Add(new GlobStep(ByteSet.Of((byte)'/'), ByteSet.All));
    }

    /// <summary>At least one byte, not a slash, and whatever follows; at the very start the root matches too.</summary>
    private void EverythingBelow(bool first)
    {
        Steps.Add(new GlobStep(ByteSet.NotSlash, default, SkipOne: first));
        Steps.Add(new GlobStep(default, ByteSet.All, SkipOne: true));
    }

    private void Component(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'*':
                    while (i + 1 < text.Length && text[i + 1] == (byte)'*') { i++; }
                    Steps.Add(new GlobStep(default, ByteSet.NotSlash, SkipOne: true));
                    break;
                case (byte)'?':
                    Character(ByteSet.NotSlash);
                    break;
                case (byte)'[':
                    i = Class(text, i + 1);
                    break;
                case (byte)'\\':
                    if (++i == text.Length) { throw Glob.Bad(pattern, "it ends in a backslash"); }
                    Literal(text[i]);
                    break;
                default:
                    Literal(text[i]);
                    break;
            }
        }
    }

    private void Literal(byte b)
    {
        if (b == 0) { throw Glob.Bad(pattern, "it holds a NUL"); }
        Steps.Add(new GlobStep(ignoreCase ? ByteSet.Of(b).FoldCase() : ByteSet.Of(b), default));
    }

    private void Character(ByteSet set)
    {
        Steps.Add(new GlobStep(set, default));
        if (set.HasOther) { Steps.Add(new GlobStep(default, ByteSet.Continuation, SkipOne: true)); }
    }

    /// <summary>Compiles a set whose first byte after the bracket is at <paramref name="i"/>; the index of the closing bracket.</summary>
    private int Class(ReadOnlySpan<byte> text, int i)
    {
        bool negated = i < text.Length && text[i] is (byte)'!' or (byte)'^';
        if (negated) { i++; }
        ByteSet set = default;
        for (int start = i; i < text.Length; i++)
        {
            if (text[i] == (byte)']' && i > start)
            {
                if (ignoreCase) { set = set.FoldCase(); }
                Character(negated ? ByteSet.NotSlash.Except(set) : set.Except(ByteSet.Of((byte)'/')));
                return i;
            }

            byte low = Member(text, ref i), high = low;
            if (i + 2 < text.Length && text[i + 1] == (byte)'-' && text[i + 2] != (byte)']')
            {
                i += 2;
                high = Member(text, ref i);
            }

            if (high < low) { throw Glob.Bad(pattern, "a range runs backwards"); }
            for (int b = low; b <= high; b++) { set = set.With(ByteSet.Of((byte)b)); }
        }

        throw Glob.Bad(pattern, "a [ is not closed");
    }

    private byte Member(ReadOnlySpan<byte> text, ref int i)
    {
        if (text[i] == (byte)'\\' && ++i == text.Length) { throw Glob.Bad(pattern, "a [ is not closed"); }
        if (text[i] >= 128) { throw Glob.Bad(pattern, "a set lists a character that is not ASCII"); }
        return text[i];
    }
}
