using System.Text;

namespace Varve.Model.Rules;

/// <summary>
/// The text of a rule: <c>!</c> before one that includes; <c>re:</c> or <c>canonical-re:</c> before a regular expression; else a pattern of
/// gitignore. A byte that is not UTF-8 is a lone surrogate U+DC80 to U+DCFF in it.
/// </summary>
/// <param name="IsIncluding">Whether what it matches is kept.</param>
/// <param name="Kind">What the body is.</param>
/// <param name="Body">The text without what stands before it.</param>
internal readonly record struct RuleText(bool IsIncluding, RuleKind Kind, string Body)
{
    internal const string ActualPrefix = "re:", CanonicalPrefix = "canonical-re:";

    /// <summary>The longest body, bytes: git's own patterns have no end, but every path is compared with them.</summary>
    private const int MaxLength = 4096;

    private const int Escape = 0xDC00;

    /// <summary>Takes a text apart. Any text is one.</summary>
    internal static RuleText Of(string text)
    {
        bool isIncluding = text.StartsWith('!');
        if (isIncluding) { text = text[1..]; }
        if (text.StartsWith(ActualPrefix, StringComparison.Ordinal)) { return new(isIncluding, RuleKind.ActualPath, text[3..]); }
        return text.StartsWith(CanonicalPrefix, StringComparison.Ordinal)
            ? new(isIncluding, RuleKind.CanonicalPath, text[CanonicalPrefix.Length..])
            : new(isIncluding, RuleKind.Glob, text);
    }

    /// <summary>Throws if a rule makes no sense. <paramref name="place"/>: of a rule in a file, where that file's line is.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static void Check(string text, (string File, long Line)? place = null)
    {
        RuleText rule = Of(text);
        int before = text.Length - rule.Body.Length;
        (int At, string Why)? fault = rule.Kind == RuleKind.Glob ? FaultOf(ToBytes(rule.Body)) : ExtendedRegex.FaultOf(rule.Body);
        if (fault is not { } f) { return; }
        if (place is { } p)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Configuration(p.File, p.Line, before + f.At + 1),
                $"the rule '{text}' is not valid: {f.Why}");
        }

        throw new VarveException(ErrorKind.Usage, Subject.Request($"the pattern '{text}'"), $"is not valid: {f.Why}",
            rule.Kind == RuleKind.Glob ? Advice.EscapePattern : Advice.None);
    }

    /// <summary>
    /// Whether a pattern means the same in the first language of patterns (<c>Model/Paths/Glob</c>), which snapshots of programs before
    /// these rules have.
    /// </summary>
    internal static bool IsReadAlike(string text)
    {
        return !text.StartsWith('!') && IsReadAsMuch(text)
            && (text.StartsWith('/') || text.StartsWith("**/", StringComparison.Ordinal) || !text.TrimEnd('/').Contains('/'));
    }

    /// <summary>Whether it means no less there.</summary>
    internal static bool IsReadAsMuch(string text)
    {
        if (text.AsSpan().IndexOfAny("\\[?") >= 0 || text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0) { return false; }
        if (Of(text).Kind != RuleKind.Glob || Holds(text, "//") || Holds(text, "***")) { return false; }
        foreach (string part in text.Split('/'))
        {
            if (part != "**" && Holds(part, "**")) { return false; }
        }

        return true;
    }

    /// <summary>The bytes that a text stands for.</summary>
    internal static byte[] ToBytes(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uDC80', '\uDCFF') < 0) { return Encoding.UTF8.GetBytes(text); }
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is >= '\uDC80' and < '\uDD00') { bytes.Add((byte)(text[i] - Escape)); }
            else
            {
                int length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, length)));
                i += length - 1;
            }
        }

        return [.. bytes];
    }

    /// <summary>The text that stands for bytes.</summary>
    internal static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = bytes.Length <= 1024 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        return new string(text[..Decode(bytes, text)]);
    }

    /// <summary>The same into a buffer that has a character for each byte; how many it takes.</summary>
    internal static int Decode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        int done = 0;
        while (true)
        {
            System.Buffers.OperationStatus status = System.Text.Unicode.Utf8.ToUtf16(bytes, text[done..], out int read, out int written,
                replaceInvalidSequences: false);
            done += written;
            if (status == System.Buffers.OperationStatus.Done) { return done; }
            text[done++] = (char)(Escape + bytes[read]);
            bytes = bytes[(read + 1)..];
        }
    }

    private static bool Holds(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    /// <summary>What is wrong with a pattern, and at which byte; null for nothing.</summary>
    private static (int At, string Why)? FaultOf(byte[] body)
    {
        if (body.Length > MaxLength) { return (0, $"longer than {MaxLength} bytes"); }
        if (body.Length == 0) { return (0, "empty"); }
        bool isText = System.Text.Unicode.Utf8.IsValid(body);
        for (int i = 0; i < body.Length; i++)
        {
            if (body[i] == 0) { return (i, "it holds a NUL"); }
            if (body[i] == (byte)'\\')
            {
                if (++i == body.Length || (i == body.Length - 1 && body[i] == (byte)'/')) { return (i - 1, "it ends in a backslash"); }
                continue;
            }

            if (body[i] != (byte)'[') { continue; }
            int end = i;
            if (!SetMatch.TryMatch(body, ref end, 0, out _)) { return (i, "a [ is not closed, or has a class that is none"); }
            for (int k = i; k <= end; k++)
            {
                if (isText && body[k] >= 128) { return (k, "a set lists a character that is not ASCII"); }
                if (IsBackwards(body, k, end)) { return (k, "a range runs backwards"); }
            }

            i = end;
        }

        return null;
    }

    private static bool IsBackwards(byte[] body, int k, int end) => body[k] == (byte)'-' && k + 1 < end && body[k - 1] > body[k + 1]
        && body[k - 1] is not ((byte)'[' or (byte)'!' or (byte)'^' or (byte)']') && body[k + 1] is not ((byte)'\\' or (byte)']');
}
