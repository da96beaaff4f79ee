using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>An argument that is known by its place.</summary>
internal sealed class Positional
{
    /// <summary>What stands for it in help.</summary>
    internal required string Name { get; init; }

    /// <summary>A sentence without its full stop.</summary>
    internal required string Help { get; init; }

    /// <summary>What holds when it is not given, in words.</summary>
    internal string? Default { get; init; }

    /// <summary>How often it stands.</summary>
    internal Presence Presence { get; init; }

    /// <summary>All values there are, if they are a closed set.</summary>
    internal IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What a shell offers for it.</summary>
    internal Completes Completes { get; init; }

    /// <summary>What help shows.</summary>
    internal string Description => Default is null ? Help : $"{Help} [default: {Default}]";

    /// <summary>As a synopsis shows it.</summary>
    internal string Synopsis => Presence switch
    {
        Presence.Required => Name,
        Presence.Optional => $"[{Name}]",
        _ => $"[{Name}...]",
    };
}
