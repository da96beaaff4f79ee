namespace Varve.Archives.Lists;

/// <summary>A format of lists: what a line has, and what ends it.</summary>
/// <param name="Layout">The fields.</param>
/// <param name="IsNull">Whether a NUL ends a line: then names may have newlines.</param>
internal readonly record struct ListFormat(ListLayout Layout, bool IsNull)
{
    private static readonly (string Word, ListFormat Format)[] s_all =
    [
        ("names", new(ListLayout.Names, false)), ("names0", new(ListLayout.Names, true)),
        ("short", new(ListLayout.Short, false)), ("short0", new(ListLayout.Short, true)),
        ("find", new(ListLayout.Find, false)), ("find0", new(ListLayout.Find, true)),
        ("stat", new(ListLayout.Stat, false)), ("stat0", new(ListLayout.Stat, true)),
        ("bsdstat", new(ListLayout.BsdStat, false)), ("bsdstat0", new(ListLayout.BsdStat, true)),
        ("fields", new(ListLayout.Fields, true)),
    ];

    /// <summary>What formats are called.</summary>
    internal static IReadOnlyList<string> Words { get; } = [.. s_all.Select(static f => f.Word)];

    /// <summary>The format of a word; null for none.</summary>
    internal static ListFormat? Find(string word)
    {
        foreach ((string known, ListFormat format) in s_all)
        {
            if (known == word) { return format; }
        }

        return null;
    }

    /// <summary>What ends a line.</summary>
    internal byte End => IsNull ? (byte)0 : (byte)'\n';

    /// <summary>What separates the fields of a line.</summary>
    internal byte Separator => Layout == ListLayout.Fields ? (byte)0 : (byte)' ';

    /// <summary>Whether owners are names where they have one; else numbers.</summary>
    internal bool NamesOwners => Layout is ListLayout.Find or ListLayout.Fields;

    /// <summary>Fields before the name.</summary>
    internal int FieldsBefore => Layout switch
    {
        ListLayout.Names => 0,
        ListLayout.Short => 2,
        ListLayout.Find or ListLayout.Fields => 8,
        _ => 7,
    };

    /// <summary>Its word.</summary>
    public override string ToString()
    {
        foreach ((string word, ListFormat format) in s_all)
        {
            if (format == this) { return word; }
        }

        return Layout.ToString();
    }
}
