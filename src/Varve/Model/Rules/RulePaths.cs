namespace Varve.Model.Rules;

/// <summary>
/// The absolute paths of what lies at a relative one: as it is read, and as it is recorded. Immutable; what it gives lies in buffers of the
/// calling thread, until that asks again.
/// </summary>
internal sealed class RulePaths
{
    [ThreadStatic]
    private static char[]? t_text;

    [ThreadStatic]
    private static byte[]? t_bytes;

    private readonly byte[] _canonical;
    private readonly char[] _canonicalText, _actualText;
    private readonly int _cut;

    /// <param name="canonical">What paths are relative to, as it is recorded.</param>
    /// <param name="actual">What is read in its place, or in the place of a part of it.</param>
    /// <param name="below">That part, a relative path; empty for all of it.</param>
    internal RulePaths(byte[] canonical, byte[] actual, byte[]? below = null)
    {
        _canonical = [.. canonical.AsSpan().Trim((byte)'/'), (byte)'/'];
        if (_canonical.Length == 1) { _canonical = []; }
        _canonicalText = Prefix(canonical);
        _actualText = Prefix(actual);
        _cut = below is { Length: > 0 } ? below.Length + 1 : 0;
    }

    /// <summary>Those of one entry, which is read under another name than it is recorded under.</summary>
    /// <param name="canonical">What its path is relative to, as it is recorded.</param>
    /// <param name="actual">Its absolute path as it is read.</param>
    internal static RulePaths OfEntry(byte[] canonical, byte[] actual) => new(canonical, [.. RuleText.FromBytes(actual)]);

    private RulePaths(byte[] canonical, char[] actual)
        : this(canonical, [], null) => (_actualText, _cut) = (actual, int.MaxValue);

    /// <summary>As it is recorded, without the slash at the beginning.</summary>
    internal ReadOnlySpan<byte> Absolute(ReadOnlySpan<byte> path)
    {
        int length = _canonical.Length + path.Length;
        byte[] bytes = t_bytes is { } kept && kept.Length >= length ? kept : t_bytes = new byte[Math.Max(length, 4096)];
        _canonical.CopyTo(bytes, 0);
        path.CopyTo(bytes.AsSpan(_canonical.Length));
        return bytes.AsSpan(0, length);
    }

    /// <summary>What a regular expression is matched against.</summary>
    internal ReadOnlySpan<char> Text(RuleKind kind, ReadOnlySpan<byte> path)
    {
        bool isActual = kind == RuleKind.ActualPath;
        char[] prefix = isActual ? _actualText : _canonicalText;
        // What leads to a part that is read elsewhere lies nowhere there.
        if (isActual) { path = path[Math.Min(path.Length, _cut)..]; }
        char[] text = t_text is { } kept && kept.Length >= prefix.Length + path.Length
            ? kept : t_text = new char[Math.Max(prefix.Length + path.Length, 4096)];
        prefix.CopyTo(text, 0);
        return text.AsSpan(0, prefix.Length + RuleText.Decode(path, text.AsSpan(prefix.Length)));
    }

    private static char[] Prefix(byte[] path) => [.. RuleText.FromBytes(path.AsSpan().TrimEnd((byte)'/')), '/'];
}
