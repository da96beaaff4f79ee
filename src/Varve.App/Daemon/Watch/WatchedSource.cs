using Varve.App.Settings.Configuration;

namespace Varve.App.Daemon.Watch;

/// <summary>A source on the list.</summary>
internal sealed record WatchedSource
{
    internal required string Name { get; init; }

    /// <summary>Absolute, and as it was typed otherwise.</summary>
    internal required byte[] Path { get; init; }

    internal required ScheduleConfig Schedule { get; init; }

    internal required TargetConfig Target { get; init; }

    /// <summary>How old its last good backup may become; null: as the configuration says.</summary>
    internal TimeSpan? AlertAfter { get; init; }
}
