using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Configuration;

/// <summary>What the configuration says of the daemon itself.</summary>
internal sealed record DaemonConfig
{
    internal static readonly DaemonConfig None = new();

    /// <summary>When <c>forget</c> runs in each repository; null: never.</summary>
    internal ScheduleConfig? Forget { get; init; }

    /// <summary>When <c>prune</c> runs.</summary>
    internal ScheduleConfig? Prune { get; init; }

    /// <summary>When <c>check</c> runs.</summary>
    internal ScheduleConfig? Check { get; init; }

    /// <summary>In which time checks read all data once; null: they read none.</summary>
    internal TimeSpan? AllDataIn { get; init; }

    internal WhenOnBattery? OnBattery { get; init; }

    internal RunPriority? Priority { get; init; }
}
