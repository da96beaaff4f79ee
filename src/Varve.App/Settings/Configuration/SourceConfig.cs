using Varve.Backup.Sources;
using Varve.Maintain.Retention;

namespace Varve.App.Settings.Configuration;

/// <summary>A source in the configuration.</summary>
internal sealed record SourceConfig
{
    internal required string Name { get; init; }

    /// <summary>What it is recorded as; every root lies at it or below it.</summary>
    internal required byte[] CanonicalRoot { get; init; }

    /// <summary>At least one.</summary>
    internal required IReadOnlyList<RootMapping> Roots { get; init; }

    /// <summary>What is said of it, by itself.</summary>
    internal SourceRules Rules { get; init; } = SourceRules.None;

    /// <summary>When the daemon looks at it, as far as it is said of it by itself.</summary>
    internal ScheduleConfig Schedule { get; init; } = new();

    /// <summary>Where the daemon puts it.</summary>
    internal TargetConfig Target { get; init; } = new();

    /// <summary>What is run around a backup or archive of it.</summary>
    internal HookConfig Hooks { get; init; } = HookConfig.None;

    /// <summary>How old the last good backup may become; null: that is not said of it by itself.</summary>
    internal TimeSpan? AlertAfter { get; init; }

    /// <summary>A URL that hears when the daemon begins a run of it, and what came of it; null: none.</summary>
    internal string? Ping { get; init; }

    /// <summary>Which of its snapshots are kept; null: that is not said of it by itself.</summary>
    internal RetentionPolicy? Retention { get; init; }
}
