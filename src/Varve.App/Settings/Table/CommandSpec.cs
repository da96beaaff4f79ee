namespace Varve.App.Settings.Table;

/// <summary>
/// A command: what it is called, what it takes, and what help says of it. A command with commands of its own does nothing by itself.
/// </summary>
internal sealed class CommandSpec
{
    /// <summary>All words after <c>varve</c>: <c>key add</c>.</summary>
    internal required string Path { get; init; }

    /// <summary>What it does, in a sentence or two; the first is its summary.</summary>
    internal required string Help { get; init; }

    /// <summary>Lines to type.</summary>
    internal required IReadOnlyList<string> Examples { get; init; }

    /// <summary>In their order.</summary>
    internal IReadOnlyList<Positional> Arguments { get; init; } = [];

    /// <summary>In the order of help. Those that every command takes are in <see cref="GlobalSettings"/>.</summary>
    internal IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>The commands below it.</summary>
    internal IReadOnlyList<CommandSpec> Commands { get; init; } = [];

    /// <summary>Why it refuses <c>--json</c>; null if it does not.</summary>
    internal string? NoJson { get; init; }

    /// <summary>It works on a repository.</summary>
    internal bool UsesRepository { get; init; } = true;

    /// <summary>The last word.</summary>
    internal string Name => Path[(Path.LastIndexOf(' ') + 1)..];

    /// <summary>The first sentence of the help, without its full stop.</summary>
    internal string Summary
    {
        get
        {
            int end = Help.IndexOf(". ", StringComparison.Ordinal);
            return (end < 0 ? Help : Help[..end]).TrimEnd('.');
        }
    }

    /// <summary>Everything it takes, with what every command takes.</summary>
    internal IEnumerable<Setting> AllSettings => Settings.Concat(GlobalSettings.All);
}
