namespace Varve.Model.Rules;

/// <summary>
/// One pattern of gitignore, without what negates it. A slash at the end asks for a directory. One without another slash is for names, at
/// any depth; any other for paths from its own directory on, whether it begins with a slash or not. Over bytes. Immutable.
/// </summary>
internal sealed class IgnorePattern
{
    private readonly byte[] _body;

    // Bytes of the body before the first that is special: they are compared by themselves, as git does, which matters for '**' after them.
    private readonly int _head;

    private IgnorePattern(byte[] body, int head, bool isNameOnly, bool directoriesOnly, bool isRooted, bool isEnding, bool isOfAbsolute)
    {
        (_body, _head, IsNameOnly, DirectoriesOnly, IsRooted) = (body, head, isNameOnly, directoriesOnly, isRooted);
        IsOfAbsolutePaths = isOfAbsolute;
        Shape = body.Length == 0 ? PatternShape.Never
            : isEnding ? PatternShape.Ending
            : head == body.Length ? PatternShape.Literal : PatternShape.Wild;
    }

    /// <summary>Whether it ends in a slash.</summary>
    internal bool DirectoriesOnly { get; }

    /// <summary>Whether it is matched against names.</summary>
    internal bool IsNameOnly { get; }

    /// <summary>Whether it begins with a slash.</summary>
    internal bool IsRooted { get; }

    /// <summary>Whether it is matched against absolute paths, without the slash that they begin with.</summary>
    internal bool IsOfAbsolutePaths { get; }

    /// <summary>What it takes.</summary>
    internal PatternShape Shape { get; }

    /// <summary>Of a literal, all of it; of an ending, what follows the star; else the pattern.</summary>
    internal ReadOnlySpan<byte> Body => Shape == PatternShape.Ending ? _body.AsSpan(1) : _body;

    /// <summary>Reads a pattern. Any text is one; many match nothing.</summary>
    internal static IgnorePattern Parse(ReadOnlySpan<byte> text)
    {
        bool directories = text is [.., (byte)'/'];
        if (directories) { text = text[..^1]; }
        bool isNameOnly = text.IndexOf((byte)'/') < 0, isRooted = text is [(byte)'/', ..];
        if (isRooted) { text = text[1..]; }
        int head = HeadOf(text);
        bool isEnding = isNameOnly && text is [(byte)'*', _, ..] && HeadOf(text[1..]) == text.Length - 1;
        // Escapes alone: what they stand for.
        if (head < text.Length && Unescaped(text) is { } plain)
        {
            return new IgnorePattern(plain, plain.Length, isNameOnly, directories, isRooted, false, false);
        }

        return new IgnorePattern(text.ToArray(), head, isNameOnly, directories, isRooted, isEnding, false);
    }

    /// <summary>
    /// The same for paths relative to <paramref name="root"/>, an absolute path, if the pattern begins with a slash, which is meant to be
    /// that of the machine. Any other pattern is the same whatever the root.
    /// </summary>
    internal IgnorePattern Below(ReadOnlySpan<byte> root)
    {
        root = root.Trim((byte)'/');
        if (!IsRooted || root.IsEmpty) { return this; }
        ReadOnlySpan<byte> head = _body.AsSpan(0, _head);
        if (head.Length > root.Length && head.StartsWith(root) && head[root.Length] == (byte)'/')
        {
            int cut = root.Length + 1;
            return new IgnorePattern(_body[cut..], _head - cut, false, DirectoriesOnly, true, false, false);
        }

        bool mayMatch = Shape == PatternShape.Wild && (head.Length <= root.Length ? root.StartsWith(head) : false);
        return new IgnorePattern(mayMatch ? _body : [], mayMatch ? _head : 0, false, DirectoriesOnly, true, false, mayMatch);
    }

    /// <summary>Whether a path matches, which is relative to the pattern's directory; the kind is the caller's to check.</summary>
    internal bool IsMatch(ReadOnlySpan<byte> path) =>
        IsNameOnly ? IsNameMatch(path[(path.LastIndexOf((byte)'/') + 1)..]) : IsPathMatch(path);

    private bool IsNameMatch(ReadOnlySpan<byte> name) => Shape switch
    {
        PatternShape.Never => false,
        PatternShape.Literal => name.SequenceEqual(_body),
        PatternShape.Ending => name.EndsWith(_body.AsSpan(1)),
        _ => WildMatch.IsMatch(_body, name),
    };

    private bool IsPathMatch(ReadOnlySpan<byte> path)
    {
        if (Shape == PatternShape.Never || !path.StartsWith(_body.AsSpan(0, _head))) { return false; }
        return _head == _body.Length ? path.Length == _head : WildMatch.IsMatch(_body.AsSpan(_head), path[_head..]);
    }

    private static int HeadOf(ReadOnlySpan<byte> text)
    {
        int head = text.IndexOfAny("*?[\\"u8);
        return head < 0 ? text.Length : head;
    }

    private static byte[]? Unescaped(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny("*?["u8) is >= 0 and var first && !text[..first].Contains((byte)'\\')) { return null; }
        var plain = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is (byte)'*' or (byte)'?' or (byte)'[') { return null; }
            if (text[i] == (byte)'\\' && ++i == text.Length) { return null; }
            plain.Add(text[i]);
        }

        return [.. plain];
    }
}
