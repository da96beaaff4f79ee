namespace Varve.App.Settings.Configuration;

/// <summary>A profile: settings that are chosen together, by <c>--profile NAME</c>.</summary>
internal sealed record ProfileConfig
{
    internal required string Name { get; init; }

    /// <summary>The repository it works with, as <see cref="ConfigFile.Repository"/>; or null.</summary>
    internal string? Repository { get; init; }

    /// <summary>The sources that are backed up without a PATH; null: all.</summary>
    internal IReadOnlyList<string>? Sources { get; init; }

    /// <summary>They go before what the sources say.</summary>
    internal SourceRules Rules { get; init; } = SourceRules.None;
}
