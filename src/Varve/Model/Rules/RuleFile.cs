using Varve.Model.Snapshots;

namespace Varve.Model.Rules;

/// <summary>Rules of a file, a line each, as git reads an ignore file: LF or CR LF, with or without a byte order mark.</summary>
internal static class RuleFile
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// The rules. Empty lines and such as begin with <c>#</c> are none, and spaces at the end do not count. But where
    /// <paramref name="all"/> says what all lines are, a list as <c>grep -E -f</c> takes it, each line counts as it stands, but for empty
    /// ones, which would match everything.
    /// </summary>
    /// <exception cref="VarveException">Usage, with file, line and column: one is not valid.</exception>
    internal static IReadOnlyList<ExcludeRule> Read(ReadOnlySpan<byte> text, string file, RuleOrigin origin, RuleKind all = RuleKind.Glob)
    {
        var rules = new List<ExcludeRule>();
        string prefix = all switch
        {
            RuleKind.ActualPath => RuleText.ActualPrefix,
            RuleKind.CanonicalPath => RuleText.CanonicalPrefix,
            _ => "",
        };
        Lines(text, (line, number) =>
        {
            if (all == RuleKind.Glob && (line = Trimmed(line)) is [] or [(byte)'#', ..]) { return; }
            if (line.IsEmpty) { return; }
            string rule = RuleText.FromBytes(line);
            try { RuleText.Check(prefix + rule, (file, number)); }
            catch (VarveException e) when (prefix.Length > 0)
            {
                // The column is of the line.
                long column = Math.Max(1, e.Subject.Column - prefix.Length);
                throw new VarveException(ErrorKind.Usage, Subject.Configuration(file, number, column),
                    $"the rule '{rule}' is not valid: it is no regular expression that is matched in linear time");
            }

            rules.Add(new ExcludeRule(prefix + rule, origin) { File = file, Line = number, IsOfList = true });
        });
        return rules;
    }

    /// <summary>
    /// The rules of an ignore file in a tree, as git reads it: whatever is in it, nothing is wrong with it. <paramref name="file"/> is its
    /// path; not more than <paramref name="most"/>.
    /// </summary>
    internal static IReadOnlyList<ExcludeRule> ReadIgnoreFile(ReadOnlySpan<byte> text, string file, int most)
    {
        var rules = new List<ExcludeRule>();
        Lines(text, (line, number) =>
        {
            if (line is [(byte)'#', ..] || rules.Count == most) { return; }
            line = Trimmed(line.IndexOf((byte)0) is >= 0 and var end ? line[..end] : line);
            if (line.IsEmpty) { return; }
            rules.Add(new ExcludeRule(RuleText.FromBytes(line), RuleOrigin.IgnoreFile) { File = file, Line = number, IsOfList = true });
        });
        return rules;
    }

    private delegate void TakeLine(ReadOnlySpan<byte> line, long number);

    private static void Lines(ReadOnlySpan<byte> text, TakeLine take)
    {
        if (text.StartsWith(Mark)) { text = text[Mark.Length..]; }
        for (long number = 1; !text.IsEmpty; number++)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            // As git does, of the last line too only if it ends.
            if (line is [.., (byte)'\r']) { line = line[..^1]; }
            take(line, number);
        }
    }

    /// <summary>Without spaces at the end that no backslash stands before.</summary>
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> line)
    {
        int end = -1;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == (byte)' ')
            {
                if (end < 0) { end = i; }
                continue;
            }

            if (line[i] == (byte)'\\' && ++i == line.Length) { return line; }
            end = -1;
        }

        return end < 0 ? line : line[..end];
    }
}
