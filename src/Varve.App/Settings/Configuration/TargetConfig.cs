namespace Varve.App.Settings.Configuration;

/// <summary>Where the daemon puts a source: a repository, or dated archives.</summary>
internal sealed record TargetConfig
{
    /// <summary>A name of the configuration's list or a place; null: the one that is meant when nobody names one.</summary>
    internal string? Repository { get; init; }

    /// <summary>The directory of archives, absolute; null: backups.</summary>
    internal string? Archive { get; init; }

    /// <summary>How many archives stay; null: all.</summary>
    internal int? Keep { get; init; }
}
