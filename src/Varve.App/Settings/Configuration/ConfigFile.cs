namespace Varve.App.Settings.Configuration;

/// <summary>The configuration, checked. <see cref="ConfigReader"/> says what it looks like.</summary>
internal sealed record ConfigFile
{
    /// <summary>Where it was read from.</summary>
    internal required string Location { get; init; }

    /// <summary>For all sources that say nothing else.</summary>
    internal FreezeMethod? FileSystemSnapshot { get; init; }

    /// <summary>In the order of the file; names and canonical roots are distinct.</summary>
    internal required IReadOnlyList<SourceConfig> Sources { get; init; }
}
