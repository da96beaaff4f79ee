using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>
/// One option, defined once: parsing, help, man pages, completions and the key in the configuration come from here. What it is for is said
/// in <see cref="Help"/>; which commands have it, by the commands that list it.
/// </summary>
internal abstract class Setting
{
    /// <summary>With its dashes: <c>--exclude</c>.</summary>
    internal required string Name { get; init; }

    /// <summary>A second name: <c>-x</c>.</summary>
    internal string? Alias { get; init; }

    /// <summary>What stands for the value in help; null for a flag.</summary>
    internal string? ValueName { get; init; }

    /// <summary>A sentence without its full stop.</summary>
    internal required string Help { get; init; }

    /// <summary>What holds when nobody says, in words.</summary>
    internal string? Default { get; init; }

    /// <summary>The environment variable that stands for it.</summary>
    internal string? Variable { get; init; }

    /// <summary>Its key in the configuration; null if it has none.</summary>
    internal string? Key { get; init; }

    /// <summary>All values there are, if they are a closed set.</summary>
    internal IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Of whole numbers: the least and the greatest.</summary>
    internal Range? Range { get; init; }

    /// <summary>What a shell offers for the value.</summary>
    internal Completes Completes { get; init; }

    /// <summary>The command is wrong without it.</summary>
    internal bool IsRequired { get; init; }

    /// <summary>It may be given several times.</summary>
    internal bool IsRepeated { get; init; }

    /// <summary>It may stand without a value.</summary>
    internal bool IsValueOptional { get; init; }

    /// <summary>It takes no value.</summary>
    internal bool IsFlag => ValueName is null;

    /// <summary>Variable and default as help shows them, or nothing.</summary>
    internal string Origin => (Variable, Default) switch
    {
        (null, null) => "",
        (null, _) => $"default: {Default}",
        (_, null) => Variable,
        _ => $"{Variable}; default: {Default}",
    };

    /// <summary>What help shows.</summary>
    internal string Description => (IsRepeated ? Help + "; may be repeated" : Help) + (Origin.Length > 0 ? $" [{Origin}]" : "");
}
