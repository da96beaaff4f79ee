namespace Varve.Model.Paths;

/// <summary>
/// A compiled path pattern over bytes. <c>*</c> matches anything within a component, <c>**</c> as a whole component any number of
/// components (at the end: everything below), <c>?</c> one character (a byte and the UTF-8 continuation bytes after it),
/// <c>[a-z]</c>, <c>[!a-z]</c> and <c>[^a-z]</c> one ASCII character of a set, <c>\x</c> the byte x. A pattern without <c>/</c> matches the
/// last component at any depth; one with <c>/</c> matches the last components at any depth. One that begins with <c>/</c> is absolute: it
/// matches whole absolute paths, of which <see cref="Below"/> says where those begin that are asked for. A <c>/</c> at the end asks for a
/// directory. Time is linear in the path: all positions of the pattern advance together as bits, nothing is
/// tried again. Immutable and thread-safe.
/// </summary>
internal sealed class Glob
{
    /// <summary>The longest pattern that is accepted, bytes.</summary>
    public const int MaxLength = 1024;

    // Bit i: the first i steps are matched. For byte c: Advance has the positions c moves on from, Stay those it leaves standing.
    private readonly ulong[] _advance, _stay;
    // Positions that go one (or two) further without consuming anything.
    private readonly ulong[] _skipOne, _skipTwo;
    private readonly int _words, _final;
    // What is matched before the first byte of a path.
    private readonly ulong[] _start;
    private readonly bool _matchesRoot;

    private Glob(GlobProgram program, string pattern, bool nameOnly, bool directoriesOnly)
    {
        Pattern = pattern;
        IsNameOnly = nameOnly;
        IsAbsolute = pattern[0] == '/';
        DirectoriesOnly = directoriesOnly;
        _final = program.Steps.Count;
        _words = (_final >> 6) + 1;
        _advance = new ulong[256 * _words];
        _stay = new ulong[256 * _words];
        _skipOne = new ulong[_words];
        _skipTwo = new ulong[_words];
        for (int i = 0; i < _final; i++) { Install(program.Steps[i], i); }
        _start = new ulong[_words];
        _start[0] = 1;
        Close(_start);
        _matchesRoot = IsFinal(_start);
    }

    private Glob(Glob glob, ulong[] start, bool matchesRoot)
    {
        (Pattern, IsNameOnly, IsAbsolute, DirectoriesOnly) = (glob.Pattern, glob.IsNameOnly, glob.IsAbsolute, glob.DirectoriesOnly);
        (_advance, _stay, _skipOne, _skipTwo, _words, _final) =
            (glob._advance, glob._stay, glob._skipOne, glob._skipTwo, glob._words, glob._final);
        (_start, _matchesRoot) = (start, matchesRoot);
    }

    /// <summary>As it was written.</summary>
    public string Pattern { get; }

    /// <summary>Whether the pattern began with <c>/</c>.</summary>
    public bool IsAbsolute { get; }

    /// <summary>Whether the pattern has no <c>/</c> (but one at the end): it is then matched against names.</summary>
    public bool IsNameOnly { get; }

    /// <summary>Whether the pattern ended in <c>/</c>. The caller checks the kind.</summary>
    public bool DirectoriesOnly { get; }

    /// <summary>Compiles a pattern; <paramref name="ignoreCase"/> is for ASCII letters only.</summary>
    /// <exception cref="VarveException">Usage: empty, too long, an unfinished <c>[</c> or <c>\</c>, or a set with a byte that is not
    /// ASCII.</exception>
    public static Glob Parse(string pattern, bool ignoreCase = false)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(pattern);
        if (bytes.Length > MaxLength) { throw Bad(pattern, $"longer than {MaxLength} bytes"); }
        ReadOnlySpan<byte> rest = bytes;
        bool directories = rest.Length > 1 && rest[^1] == (byte)'/';
        while (rest.Length > 1 && rest[^1] == (byte)'/') { rest = rest[..^1]; }
        if (rest.IsEmpty) { throw Bad(pattern, "empty"); }
        bool nameOnly = rest.IndexOf((byte)'/') < 0;
        var program = new GlobProgram(pattern, ignoreCase);
        program.Compile(rest, nameOnly);
        return new Glob(program, pattern, nameOnly, directories);
    }

    /// <summary>
    /// The same pattern for paths that are relative to <paramref name="root"/>, an absolute path: what an absolute pattern says of that is
    /// matched here, once, and costs nothing later. Any other pattern is the same whatever the root.
    /// </summary>
    public Glob Below(ReadOnlySpan<byte> root)
    {
        ReadOnlySpan<byte> prefix = root.Trim((byte)'/');
        if (!IsAbsolute || prefix.IsEmpty) { return this; }
        var state = (ulong[])_start.Clone();
        bool lives = Advance(state, prefix), isRoot = lives && IsFinal(state);
        if (!lives || !Advance(state, "/"u8)) { Array.Clear(state); }
        return new Glob(this, state, isRoot);
    }

    /// <summary>
    /// Whether an entry matches. <paramref name="path"/> is relative to the root, without a slash at either end; empty for the root.
    /// </summary>
    public bool IsMatch(ReadOnlySpan<byte> path)
    {
        return path.IsEmpty && IsAbsolute ? _matchesRoot : Run(IsNameOnly ? path[(path.LastIndexOf((byte)'/') + 1)..] : path);
    }

    /// <summary>Whether a name matches; only for a pattern that <see cref="IsNameOnly"/>.</summary>
    public bool IsNameMatch(ReadOnlySpan<byte> name)
    {
        if (!IsNameOnly) { throw new InvalidOperationException("The pattern is for paths."); }
        return Run(name);
    }

    internal static VarveException Bad(string pattern, string why) =>
        new(ErrorKind.Usage, Subject.Request($"the pattern '{pattern}'"), $"is not valid: {why}", Advice.EscapePattern);

    private bool Run(ReadOnlySpan<byte> text)
    {
        if (_words == 1) { return RunNarrow(text); }
        Span<ulong> now = stackalloc ulong[_words];
        _start.CopyTo(now);
        return Advance(now, text) && IsFinal(now);
    }

    private bool IsFinal(ReadOnlySpan<ulong> now) => (now[_final >> 6] >> (_final & 63) & 1) != 0;

    private bool Advance(Span<ulong> now, ReadOnlySpan<byte> text)
    {
        foreach (byte c in text)
        {
            ReadOnlySpan<ulong> advance = _advance.AsSpan(c * _words, _words), stay = _stay.AsSpan(c * _words, _words);
            ulong carry = 0, any = 0;
            for (int w = 0; w < now.Length; w++)
            {
                ulong moved = now[w] & advance[w];
                now[w] = (now[w] & stay[w]) | (moved << 1) | carry;
                carry = moved >> 63;
                any |= now[w];
            }

            if (any == 0) { return false; }
            Close(now);
        }

        return true;
    }

    private bool RunNarrow(ReadOnlySpan<byte> text)
    {
        ulong one = _skipOne[0], two = _skipTwo[0], now = _start[0];
        foreach (byte c in text)
        {
            now = ((now & _advance[c]) << 1) | (now & _stay[c]);
            if (now == 0) { return false; }
            now = CloseNarrow(now, one, two);
        }

        return (now >> _final & 1) != 0;
    }

    private static ulong CloseNarrow(ulong now, ulong one, ulong two)
    {
        while (true)
        {
            ulong next = now | ((now & one) << 1) | ((now & two) << 2);
            if (next == now) { return now; }
            now = next;
        }
    }

    private void Close(Span<ulong> now)
    {
        // Skips lead forwards only, so one pass from low to high bits per word and its carry reaches everything.
        ulong carry = 0;
        for (int w = 0; w < now.Length; w++)
        {
            ulong word = CloseNarrow(now[w] | carry, _skipOne[w], _skipTwo[w]);
            now[w] = word;
            carry = ((word & _skipOne[w]) >> 63) | ((word & _skipTwo[w]) >> 62);
        }
    }

    private void Install(in GlobStep step, int i)
    {
        int word = i >> 6;
        ulong bit = 1UL << (i & 63);
        if (step.SkipOne) { _skipOne[word] |= bit; }
        if (step.SkipTwo) { _skipTwo[word] |= bit; }
        Set(_advance, step.Advance, word, bit);
        Set(_stay, step.Stay, word, bit);
    }

    private void Set(ulong[] table, ByteSet bytes, int word, ulong bit)
    {
        for (int lane = 0; lane < 4; lane++)
        {
            for (ulong rest = bytes.Lane(lane); rest != 0; rest &= rest - 1)
            {
                int c = 64 * lane + System.Numerics.BitOperations.TrailingZeroCount(rest);
                table[c * _words + word] |= bit;
            }
        }
    }
}
