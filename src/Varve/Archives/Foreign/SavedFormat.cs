using Varve.Archives.Lists;

namespace Varve.Archives.Foreign;

/// <summary>What a list of what was saved was printed by: one of Varve's own formats, or another program.</summary>
/// <param name="Own">The format, if <see cref="Program"/> is <see cref="SavedBy.Own"/>; null: its first line tells.</param>
/// <param name="Program">The program.</param>
internal readonly record struct SavedFormat(ListFormat? Own, SavedBy Program)
{
    private static readonly (string Word, SavedBy Program)[] s_programs =
        [("zpaq", SavedBy.Zpaq), ("tar", SavedBy.Tar), ("bsdtar", SavedBy.BsdTar), ("restic", SavedBy.Restic), ("borg", SavedBy.Borg)];

    /// <summary>What formats are called.</summary>
    internal static IReadOnlyList<string> Words { get; } = [.. ListFormat.Words, .. s_programs.Select(static p => p.Word)];

    /// <summary>The format of a word; null for none.</summary>
    internal static SavedFormat? Find(string word)
    {
        if (ListFormat.Find(word) is { } own) { return new SavedFormat(own, SavedBy.Own); }
        foreach ((string known, SavedBy program) in s_programs)
        {
            if (known == word) { return new SavedFormat(null, program); }
        }

        return null;
    }

    /// <summary>What a list that begins so was printed by, as its first line tells.</summary>
    internal static SavedFormat Tell(ReadOnlySpan<byte> beginning)
    {
        int end = beginning.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? beginning : beginning[..end];
        if (line is [(byte)'{', ..])
        {
            return new SavedFormat(null, line.IndexOf("\"struct_type\""u8) >= 0 ? SavedBy.Restic : SavedBy.Borg);
        }

        bool isZpaq = line.StartsWith("zpaq v"u8) || line is [(byte)'-', (byte)' ', (byte)'1' or (byte)'2', ..];
        if (isZpaq) { return new SavedFormat(null, SavedBy.Zpaq); }
        if (!TarLine.IsMode(line)) { return new SavedFormat(null, SavedBy.Own); }
        ReadOnlySpan<byte> rest = line[10..].TrimStart((byte)' ');
        int space = rest.IndexOf((byte)' ');
        return new SavedFormat(null, space > 0 && rest[..space].Contains((byte)'/') ? SavedBy.Tar : SavedBy.BsdTar);
    }
}
